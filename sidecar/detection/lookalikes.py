"""Letters of other scripts that look like Latin ones, and those."""

_PAIRS = (
    # Cyrillic
    ("аеіјӏорсухѵԛԝһԁѕ", "aeijlopcyxvqwhds"),
    ("АВЕЅІЈКМНОРСТУХԚԜѴҮ", "ABESIJKMHOPCTYXQWVY"),
    # Greek
    ("αιονρυχγω", "aiovpuxyw"),
    ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹϲϳ", "ABEZHIKMNOPTYXCcj"),
    # Armenian, and Latin letters that NFKC leaves
    ("աոսօցւքՕՏԼ", "wnuogiqOSL"),
    ("ıɑɡɩʟⅼ", "iagilL"),
)

ASCII_TWINS = {ord(letter): twin for letters, twins in _PAIRS for letter, twin in zip(letters, twins, strict=True)}
