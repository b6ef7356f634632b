"""What the demo's clients ask: a body, a tenant, where it is to go."""

import json
from dataclasses import dataclass

from sidecar.v1 import inspection_pb2 as pb


@dataclass(frozen=True, slots=True)
class Case:
    """One request of one client."""

    about: str
    tenant: str
    model: str
    provider: str
    region: str
    format: "pb.Format.ValueType"
    body: bytes
    session: str = ""


def _openai(*messages: tuple[str, object], **more: object) -> bytes:
    document = {
        "model": "gateway-default",
        "messages": [{"role": role, "content": text} for role, text in messages],
        **more,
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _anthropic(system: str, *messages: tuple[str, object]) -> bytes:
    turns = [{"role": role, "content": text} for role, text in messages]
    document = {"model": "gateway-default", "max_tokens": 512, "system": system, "messages": turns}
    return json.dumps(document, ensure_ascii=False).encode()


def _case(about: str, tenant: str, target: str, body: bytes, *, anthropic: bool = False, session: str = "") -> Case:
    model, provider, *region = target.split("@")
    format_ = pb.FORMAT_ANTHROPIC_MESSAGES if anthropic else pb.FORMAT_OPENAI_CHAT
    return Case(about, tenant, model, provider, region[0] if region else "", format_, body, session)


COMPLAINT = (
    "Please draft an answer to this complaint. Mr. Lukas Brandt (lukas.brandt@example.org, +49 30 901820) writes that "
    "our transfer to DE89 3704 0044 0532 0130 00 was booked twice and asks for his 240 euros back."
)
ARGUMENTS = json.dumps({"email": "lukas.brandt@example.org", "limit": 1})
LOOKUP = {"id": "call_1", "type": "function", "function": {"name": "find_customer", "arguments": ARGUMENTS}}
PARAMETERS = {"type": "object", "properties": {"email": {"type": "string"}}}
FIND = {"name": "find_customer", "description": "Looks a customer up.", "parameters": PARAMETERS}
TOOLS = [{"type": "function", "function": FIND}]
ORDER = (
    "Dear team, my order 20931 has not come. Please call me at +31 6 12345678 or write to sanne.devries@example.org. "
    "I paid with 4111 1111 1111 1111. Kind regards, Sanne de Vries"
)
LETTER = "Patient Emily Carter, SSN 536-90-4399, phone (212) 555-0147: asthma, improved."

CASES: tuple[Case, ...] = (
    _case(
        "a question without personal data, to DeepSeek's weights in France",
        "eu-bank",
        "deepseek-v4-flash-0731@scaleway",
        _openai(
            ("user", "Explain the difference between a SEPA credit transfer and a direct debit in three sentences.")
        ),
    ),
    _case(
        "a customer's complaint, to DeepSeek's own API in China",
        "eu-bank",
        "deepseek-v4-pro@deepseek",
        _openai(("system", "You answer complaints for a bank."), ("user", COMPLAINT)),
        session="complaint-1",
    ),
    _case(
        "the same complaint, to the weights in France",
        "eu-bank",
        "deepseek-v4-flash-0731@scaleway",
        _openai(("system", "You answer complaints for a bank."), ("user", COMPLAINT)),
        session="complaint-1",
    ),
    _case(
        "a password in a stack trace, to the weights in France",
        "eu-bank",
        "deepseek-v4-flash-0731@scaleway",
        _openai(
            ("user", "Why does this fail? psycopg.connect('postgresql://ledger:Gr8-Horse-42@db.example.org/ledger')")
        ),
    ),
    _case(
        "a public question, to a model of Tencent that excludes the EU",
        "eu-bank",
        "hunyuan-a13b-instruct@siliconflow",
        _openai(("user", "Summarize the history of the euro in five bullet points.")),
    ),
    _case(
        "a tool call with a customer's address, to Llama 4 at Groq",
        "eu-bank",
        "llama-4-scout@groq",
        json.dumps(
            {
                "model": "gateway-default",
                "tools": TOOLS,
                "messages": [
                    {"role": "user", "content": "Is lukas.brandt@example.org a customer?"},
                    {"role": "assistant", "content": None, "tool_calls": [LOOKUP]},
                    {"role": "tool", "tool_call_id": "call_1", "content": '{"found": true, "since": 2019}'},
                ],
            }
        ).encode(),
    ),
    _case(
        "a customer's question in Korean, with a resident registration number, to a US cloud",
        "kr-fintech",
        "claude-sonnet-5@aws-bedrock@ap-northeast-2",
        _anthropic(
            "상담 내용을 요약하세요.",
            (
                "user",
                "김민수 고객(900101-1234568, 010-2345-6789)이 카드 결제 취소를 요청했습니다. 답변을 작성해 주세요.",
            ),
        ),
        anthropic=True,
    ),
    _case(
        "a question without personal data, to the firm's own Qwen",
        "kr-fintech",
        "qwen3-32b@self-hosted",
        _openai(("user", "전자금융감독규정의 망분리 의무를 세 문장으로 설명해 주세요.")),
    ),
    _case(
        "the same question, to DeepSeek's own API",
        "kr-fintech",
        "deepseek-v4-pro@deepseek",
        _openai(("user", "전자금융감독규정의 망분리 의무를 세 문장으로 설명해 주세요.")),
    ),
    _case(
        "a discharge letter, to the cloud that signed a BAA",
        "us-hospital",
        "llama-3.3-70b-instruct@aws-bedrock@us-east-1",
        _anthropic(
            "You write discharge letters.",
            (
                "user",
                [
                    {
                        "type": "text",
                        "text": LETTER,
                    }
                ],
            ),
        ),
        anthropic=True,
    ),
    _case(
        "the same letter, to Qwen at a US host without a BAA",
        "us-hospital",
        "qwen3-32b@groq",
        _anthropic(
            "You write discharge letters.",
            (
                "user",
                [
                    {
                        "type": "text",
                        "text": LETTER,
                    }
                ],
            ),
        ),
        anthropic=True,
    ),
    _case(
        "a public text, to Qwen in France",
        "start-up",
        "qwen3-32b@ovhcloud",
        _openai(("user", "Write a haiku about the harbor of Marseille."), temperature=0.7),
    ),
    _case(
        "a customer's mail, to DeepSeek's own API",
        "eu-shop",
        "deepseek-v4-pro@deepseek",
        _openai(
            ("system", "Answer customers of a web shop, and call them by their name."),
            ("user", ORDER),
        ),
        session="order-20931",
    ),
    _case(
        "an order in Chinese with a phone number, to DeepSeek's own API",
        "eu-shop",
        "deepseek-v4-pro@deepseek",
        _openai(("user", "请把发票发到wangfang@example.cn，手机13812345678，并确认周五送货。")),
        session="order-20932",
    ),
    _case(
        "a public text, to Llama 4, whose license excludes companies in the EU",
        "start-up",
        "llama-4-scout@groq",
        _openai(("user", "Name three French inventors and what they invented.")),
    ),
    _case(
        "a public text, to a model that nobody knows",
        "start-up",
        "quasar-9-stealth@openrouter",
        _openai(("user", "What is the capital of Peru?")),
    ),
)
