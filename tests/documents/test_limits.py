"""What a document may take is more than an honest one needs, whatever it is full of."""

from __future__ import annotations

import time

from tests.documents.made_documents import made_document

from assay.documents.limits import Limits
from assay.documents.read_all import read_one

SENTENCES = (
    "On {n} May 2031 Chirpnet removed {m} accounts and {n} pages run by the Nordfracht agency.",
    "Tukan suspended the channel of Nordfracht {n} for breaking its rules on spam.",
    "The Ministry of Information called on Chirpnet to restore the Nordfracht {m} channel.",
    "“We found {m} accounts tied to Nordfracht,” said Ida Berg, a spokeswoman for Tukan.",
)


def test_a_text_that_tells_much_takes_far_less_than_it_may() -> None:
    paragraphs = [
        " ".join(one.format(n=n % 28 + 1, m=100 + n) for one in SENTENCES) for n in range(40)
    ]
    text = "\n".join(paragraphs)
    read_one(made_document(paragraphs[0]))  # what is loaded once
    began = time.process_time()
    read_one(made_document(text))
    took_s = time.process_time() - began
    assert took_s < 2 / 3 * len(text) / Limits().chars_a_cpu_s
