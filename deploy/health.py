"""Asks a sidecar whether it serves, for probes of containers: ``health.py unix:/run/sidecar/sidecar.sock``.

The kubelet's own gRPC probe cannot do it: it speaks in the clear to the pod's address, where no sidecar listens.
"""

import sys

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

SECONDS = 3.0


def main(address: str) -> int:
    """Return 0 where the sidecar at ``address`` says that it serves."""
    with grpc.insecure_channel(address) as channel:
        check = health_pb2_grpc.HealthStub(channel).Check  # type: ignore[attr-defined]  # made when it is made
        try:
            answer = check(health_pb2.HealthCheckRequest(), timeout=SECONDS)
        except grpc.RpcError as error:
            print(f"no answer: {error.code().name}")
            return 1
    print(health_pb2.HealthCheckResponse.ServingStatus.Name(answer.status))
    return 0 if answer.status == health_pb2.HealthCheckResponse.SERVING else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
