# For those who like make; ./kelisim does the work and needs no make.
.PHONY: run test lint types messages bench soak lock help
run test lint types messages bench soak lock help:
	./kelisim $@ $(ARGS)
.DEFAULT_GOAL := help
