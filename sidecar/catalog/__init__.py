"""What is known of models, providers, licenses and regimes."""
