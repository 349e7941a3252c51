# Everything happens in virtual environments of the repository's own. `make help` lists the targets.
PYTHON ?= python3
BENCH_DATA ?=
SECONDS ?= 600
SEED ?= 1
NEEDS_TORCH = $(addprefix tests/test_,export.py training.py restoring_training.py noisy.py rivals.py learn.py texture_statistics.py)

.PHONY: help demo demo-dask test fuzz test-gimp test-export bench evaluate compare gallery evaluate-styles clean
help:
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 18

.venv/installed: setup.cfg pyproject.toml
	$(PYTHON) -m venv .venv
	.venv/bin/pip install --quiet --disable-pip-version-check --editable '.[test]'
	touch $@

.venv/torch: .venv/installed
	.venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0
	.venv/bin/pip install --quiet --disable-pip-version-check --editable '.[test,export]'
	touch $@

demo: .venv/installed ## enlarge and stylise real pictures, show before and after
	.venv/bin/python docs/before_after.py demo

demo-dask: .venv/installed ## a batch over Dask: scheduler, two workers, client; one worker is killed on the way
	.venv/bin/python docs/dask_demo.py demo/dask

test: .venv/installed ## all tests of the runtime, the linter, the types and the import contract
	.venv/bin/ruff check .
	.venv/bin/mypy
	PYTHONPATH=plugin/smssr .venv/bin/lint-imports
	.venv/bin/python -m pytest --ignore tests/gimp $(addprefix --ignore ,$(NEEDS_TORCH))

fuzz: .venv/installed ## damaged files of every kind that is read: make fuzz SECONDS=3600 SEED=2
	.venv/bin/python tests/fuzz.py --seconds $(SECONDS) --seed $(SEED)

test-gimp: .venv/installed ## the plug-in in real GIMPs 3.0 and 3.2: needs root and mmdebstrap, makes Debian trees in .gimp (1.5 GB)
	.venv/bin/python -m pytest -rs tests/gimp

test-export: .venv/torch ## the tests of training and export; installs PyTorch
	.venv/bin/python -m pytest $(NEEDS_TORCH)

bench: .venv/installed ## speed, memory and cold start on this machine
	.venv/bin/smssr bench

evaluate: .venv/installed ## PSNR and SSIM of every model: make evaluate BENCH_DATA=folder with Set5, Set14, BSD100
	@test -d '$(BENCH_DATA)/Set5' || { echo 'say where Set5, Set14 and BSD100 lie: make evaluate BENCH_DATA=folder'; exit 2; }
	.venv/bin/python -m export.evaluate $(BENCH_DATA)/Set5 $(BENCH_DATA)/Set14 $(BENCH_DATA)/BSD100 --scale 4
	.venv/bin/python -m export.evaluate $(BENCH_DATA)/Set5 --scale 3
	.venv/bin/python -m export.evaluate $(BENCH_DATA)/Set5 --scale 2

compare: .venv/torch ## ours beside other networks: make compare RIVALS=folder of training runs BENCH_DATA=folder
	.venv/bin/python -m export.compare --rivals '$(RIVALS)' --bench $(BENCH_DATA)/Set5 $(BENCH_DATA)/Set14 $(BENCH_DATA)/BSD100

gallery: .venv/installed ## every style, and real uses: docs/gallery.md, docs/coarse.md; PHOTOS=folder of the photographs that docs/uses.py names
	.venv/bin/python docs/coarse.py docs
	.venv/bin/python docs/materials.py docs
	.venv/bin/python docs/gallery.py docs $(if $(PHOTOS),--photos '$(PHOTOS)')

evaluate-styles: .venv/torch ## the figures of every style: make evaluate-styles REFERENCES=folder PHOTOS=folder VGG=file.npz
	.venv/bin/python -m export.evaluate_styles --references '$(REFERENCES)' --photos '$(PHOTOS)' --vgg-weights '$(VGG)'

clean: ## remove what the other targets made
	rm -rf .venv .gimp fuzz demo build dist *.egg-info .pytest_cache .ruff_cache .mypy_cache .import_linter_cache .hypothesis
