"""Networks ready to run: each model is loaded once; a file that was written anew is another model."""

from __future__ import annotations

import functools
from typing import Any, overload

from .cards import Card, CoarseNetworkCard, EnlargingCard, RestoringCard, StyleCard
from .external import ExternalModel, ExternalNetwork
from .network import Enlarger, EnlargingNetwork, Network, RestoringNetwork
from .self_ensemble import SelfEnsemble

KINDS: dict[type, Any] = {EnlargingCard: EnlargingNetwork, ExternalModel: ExternalNetwork, RestoringCard: RestoringNetwork,
                          StyleCard: Network, CoarseNetworkCard: Network}


@overload
def load(model: EnlargingCard | ExternalModel, backend: str, best: bool = False) -> Enlarger: ...
@overload
def load(model: RestoringCard, backend: str) -> RestoringNetwork: ...
@overload
def load(model: StyleCard | CoarseNetworkCard, backend: str) -> Network: ...
def load(model: Card | ExternalModel, backend: str, best: bool = False) -> Any:
    """The network of a model. `best`: as of `SelfEnsemble`. Raises ValueError where its file is missing or damaged."""
    return _loaded(model, backend, best)


@functools.lru_cache(maxsize=64)
def _loaded(model: Card | ExternalModel, backend: str, best: bool) -> Any:
    network = KINDS[type(model)](model, backend)
    if best:
        network.graph = SelfEnsemble(network.graph)
    return network
