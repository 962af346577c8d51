"""What the program takes from this part."""

from pipeline.model.brings import Kind, Part

PART = Part(name="shifts", kinds=(Kind("shifts", "值班表"),))
