"""The first layers of spaCy's network, carried out once for each different word of a batch.

They look up the features of one word and mix them (Miranda et al. 2022, “Multi hash embeddings in
spaCy”): two places with the same features have the same vector, to the last bit. Two thirds of the
places of a text repeat an earlier one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from spacy.language import Language
from spacy.pipeline import TrainablePipe
from thinc.api import Model, chain
from thinc.types import Ragged

_PER_WORD = slice(2, 4)
"""Of the embedding's layers those that look at one word each: between the extraction of features
and the return to one list for each paragraph."""


def embed_each_word_once(model: Language) -> None:
    """Put one layer that knows repeated words into the place of those that look at one word."""
    pipe = model.get_pipe("tok2vec")
    assert isinstance(pipe, TrainablePipe)
    layers = pipe.model.layers[0].layers
    layers[_PER_WORD] = [Model("each_word_once", _forward, layers=[chain(*layers[_PER_WORD])])]


def _forward(
    model: Model[Ragged, Ragged], words: Ragged, is_train: bool
) -> tuple[Ragged, Callable[[Any], Any]]:
    if is_train:
        raise NotImplementedError("the model is only read with here")
    features = np.ascontiguousarray(words.dataXd)
    row = np.dtype((np.void, features.itemsize * features.shape[1]))
    _, first, place = np.unique(features.view(row).ravel(), return_index=True, return_inverse=True)
    vectors = model.layers[0].predict(features[first])
    return Ragged(vectors[place], words.lengths), lambda gradient: gradient
