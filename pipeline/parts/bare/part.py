"""What the program takes from this part."""

from pipeline.model.brings import Forge, Part

PART = Part(name="bare", forges=(Forge(kind="bare", files=(".ci/pre-receive",)),))
