"""Chinese: Simplified and Traditional letters, Mandarin and Cantonese."""
