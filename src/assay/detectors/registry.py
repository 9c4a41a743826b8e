"""Every detector, in the order in which a scan runs them."""

from __future__ import annotations

from assay.detectors.base import Detector
from assay.detectors.coaction import CoactionDetector

DETECTORS: tuple[Detector, ...] = (CoactionDetector(),)
