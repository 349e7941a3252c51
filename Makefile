# Everything happens in virtual environments of the repository's own. `make help` lists the targets.
PYTHON ?= python3
BENCH_DATA ?=
SECONDS ?= 600
SEED ?= 1
NEEDS_TORCH = $(addprefix tests/test_,export.py training.py restoring_training.py noisy.py baselines.py learn.py texture_statistics.py adversarial.py perception.py)

# What CI runs with the oldest versions and under other Pythons; the whole suite takes a quarter of an hour each.
SOME = $(addprefix tests/test_,upscale.py stylize.py restore.py mask.py cards.py arguments.py elsewhere.py files.py batch.py recipe.py other_formats.py)
RUNTIME = --ignore tests/gimp $(addprefix --ignore ,$(NEEDS_TORCH))
PIP_INSTALL = bin/pip install --quiet --disable-pip-version-check
LOCKED = --require-hashes --requirement
ITSELF = --no-deps --no-build-isolation --editable .
COMPILE = .venv-uv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --native-tls \
	--custom-compile-command 'make lock'

.PHONY: help catalogues site dist dist-everything demo demo-dask test some-tests test-without-scipy test-oldest test-pythons lock fuzz test-gimp test-export bench evaluate compare gallery evaluate-styles clean
help:
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 18

.venv/installed: setup.cfg pyproject.toml requirements/test.txt
	$(PYTHON) -m venv .venv
	.venv/$(PIP_INSTALL) $(LOCKED) requirements/test.txt
	.venv/$(PIP_INSTALL) $(ITSELF)
	touch $@

plugin/smssr/locale/forms.json: .venv/installed $(wildcard po/*.po) po/smssr.pot po/catalogues.py
	.venv/bin/python po/catalogues.py compile

catalogues: .venv/installed ## after a text has changed: po/smssr.pot, what is missing in po/*.po, what gettext reads
	.venv/bin/python po/catalogues.py update
	.venv/bin/python po/catalogues.py compile

.venv/torch: .venv/installed requirements/export.txt
	.venv/$(PIP_INSTALL) torch==2.13.0
	.venv/$(PIP_INSTALL) $(LOCKED) requirements/export.txt
	.venv/$(PIP_INSTALL) $(ITSELF)
	touch $@

.venv-uv/installed: requirements/uv.txt
	$(PYTHON) -m venv .venv-uv
	.venv-uv/$(PIP_INSTALL) $(LOCKED) requirements/uv.txt
	touch $@

.venv-oldest/installed: setup.cfg pyproject.toml .venv-uv/installed
	$(PYTHON) -m venv --clear .venv-oldest
	.venv-uv/bin/uv pip install --quiet --native-tls --python .venv-oldest/bin/python --resolution lowest-direct --editable '.[test]'
	touch $@

.venv-dist/installed: requirements/dist.txt
	$(PYTHON) -m venv .venv-dist
	.venv-dist/$(PIP_INSTALL) $(LOCKED) requirements/dist.txt
	touch $@

# From a copy, so that no old build folder is packed too; sdist first, and the wheel from the sdist, as installers do it.
dist: .venv-dist/installed ## what is released: wheel, sdist, and the zip for GIMP, in dist/
	rm -rf dist build
	.venv-dist/bin/python -m build
	.venv-dist/bin/twine check --strict dist/*.whl dist/*.tar.gz
	.venv-dist/bin/python release/zips.py
	.venv-dist/bin/python release/manifests.py

dist-everything: dist ## the zips that need no network, 300 MB each
	.venv-dist/bin/python release/zips.py --everything linux-x86_64 windows-amd64 macos-arm64

demo: .venv/installed ## enlarge and stylise real pictures, show before and after
	.venv/bin/python docs/before_after.py demo

demo-dask: .venv/installed ## a batch over Dask: scheduler, two workers, client; one worker is killed on the way
	.venv/bin/python docs/dask_demo.py demo/dask

test: .venv/installed plugin/smssr/locale/forms.json ## all tests of the runtime, the linter, the types and the import contract
	.venv/bin/ruff check .
	.venv/bin/mypy
	PYTHONPATH=plugin/smssr .venv/bin/lint-imports
	.venv/bin/python -m pytest -n auto --dist loadfile $(RUNTIME)

# As Set Up installs it: what the list has, but for SciPy.
.venv-without-scipy/installed: setup.cfg pyproject.toml requirements/test.txt
	$(PYTHON) -m venv --clear .venv-without-scipy
	.venv-without-scipy/$(PIP_INSTALL) $(LOCKED) requirements/test.txt
	.venv-without-scipy/bin/pip uninstall --quiet --yes scipy scikit-image
	.venv-without-scipy/$(PIP_INSTALL) $(ITSELF)
	touch $@

test-without-scipy: .venv-without-scipy/installed ## upscale, restore and stylize where SciPy is missing; masks say so
	.venv-without-scipy/bin/python -m pytest -p no:cacheprovider tests/test_without_scipy.py

test-oldest: .venv-oldest/installed ## the runtime's tests with the oldest of everything that setup.cfg allows; a part of them: TESTS=…
	.venv-oldest/bin/python -m pytest -n 2 --dist loadfile $(or $(TESTS),$(RUNTIME))

some-tests:
	@echo $(SOME)

# There is no git in those trees, out of which the pages are made.
test-pythons: .venv/installed ## the runtime's tests under Python 3.14, a selection under 3.12 and 3.13: as test-gimp
	.venv/bin/python tests/pythons.py 3.14 -n 2 --dist loadfile $(or $(TESTS),$(RUNTIME) --ignore tests/test_site.py)
	.venv/bin/python tests/pythons.py 3.13 $(SOME)
	.venv/bin/python tests/pythons.py 3.12 $(SOME)

.venv-site/installed: requirements/site.txt
	$(PYTHON) -m venv .venv-site
	.venv-site/$(PIP_INSTALL) $(LOCKED) requirements/site.txt
	touch $@

site: .venv-site/installed ## the pages to send people to, out of docs/: build/site/index.html
	NO_MKDOCS_2_WARNING=1 .venv-site/bin/python website/build.py

lock: .venv-uv/installed ## renew requirements/*.txt: versions and hashes of what CI and releases use (PyTorch apart)
	echo "torch; sys_platform == 'never'" > .venv-uv/without-torch.txt
	$(PYTHON) -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")' > .venv-uv/build.txt
	$(COMPILE) --extra test setup.cfg .venv-uv/build.txt --output-file requirements/test.txt
	$(COMPILE) --extra test --extra export --override .venv-uv/without-torch.txt --no-emit-package torch setup.cfg .venv-uv/build.txt --output-file requirements/export.txt
	echo uv | $(COMPILE) - --output-file requirements/uv.txt
	printf 'build\ntwine\npip\nsetuptools\n' | $(COMPILE) - --output-file requirements/dist.txt
	printf 'mkdocs-material\npillow\n' | $(COMPILE) - --output-file requirements/site.txt
	printf 'pip\nuv\n' > .venv-uv/tools.txt
	.venv-uv/bin/uv pip compile --quiet --universal --python-version 3.11 --native-tls --format pylock.toml \
		--constraint requirements/test.txt --constraint requirements/uv.txt setup.cfg .venv-uv/tools.txt --output-file .venv-uv/pylock.toml
	printf 'torch==2.13.0\ntorchvision\nonnx\n' > .venv-uv/learning.txt
	.venv-uv/bin/uv pip compile --quiet --universal --python-version 3.11 --native-tls --format pylock.toml \
		--constraint requirements/test.txt .venv-uv/learning.txt --output-file .venv-uv/pylock.learning.toml
	$(PYTHON) release/packages.py .venv-uv/pylock.toml .venv-uv/pylock.learning.toml plugin/smssr/packages.json

fuzz: .venv/installed ## damaged files of every kind that is read: make fuzz SECONDS=3600 SEED=2
	.venv/bin/python tests/fuzz.py --seconds $(SECONDS) --seed $(SEED)

test-gimp: .venv/installed plugin/smssr/locale/forms.json ## the plug-in in real GIMPs 3.0 and 3.2: needs root and mmdebstrap, makes Debian trees in .gimp (1.5 GB)
	.venv/bin/python -m pytest -n 2 -rs tests/gimp

test-export: .venv/torch ## the tests of training and export; installs PyTorch
	.venv/bin/python -m pytest $(NEEDS_TORCH)

bench: .venv/installed ## speed, memory and cold start on this machine
	.venv/bin/smssr bench

evaluate: .venv/installed ## PSNR and SSIM of every model: make evaluate BENCH_DATA=folder with Set5, Set14, BSD100
	@test -d '$(BENCH_DATA)/Set5' || { echo 'say where Set5, Set14 and BSD100 lie: make evaluate BENCH_DATA=folder'; exit 2; }
	.venv/bin/python -m export.evaluate $(BENCH_DATA)/Set5 $(BENCH_DATA)/Set14 $(BENCH_DATA)/BSD100 --scale 4
	.venv/bin/python -m export.evaluate $(BENCH_DATA)/Set5 --scale 3
	.venv/bin/python -m export.evaluate $(BENCH_DATA)/Set5 --scale 2

compare: .venv/torch ## ours beside other networks: make compare BASELINES=folder of training runs BENCH_DATA=folder
	.venv/bin/python -m export.compare --baselines '$(BASELINES)' --bench $(BENCH_DATA)/Set5 $(BENCH_DATA)/Set14 $(BENCH_DATA)/BSD100 \
		$(if $(PEERS),--peers '$(PEERS)') $(if $(VGG),--vgg-weights '$(VGG)')

gallery: .venv/installed ## every style, and real uses: docs/gallery.md; PHOTOS=folder of the photographs that docs/uses.py names
	.venv/bin/python docs/drawings.py docs
	.venv/bin/python docs/paintings.py docs
	.venv/bin/python docs/materials.py docs
	.venv/bin/python docs/gallery.py docs $(if $(PHOTOS),--photos '$(PHOTOS)')

evaluate-styles: .venv/torch ## the figures of every style: make evaluate-styles REFERENCES=folder PHOTOS=folder VGG=file.npz
	.venv/bin/python -m export.evaluate_styles --references '$(REFERENCES)' --photos '$(PHOTOS)' --vgg-weights '$(VGG)'

clean: ## remove what the other targets made
	rm -rf .venv .venv-uv .venv-oldest .venv-dist .venv-without-scipy .gimp fuzz demo build dist *.egg-info .pytest_cache .ruff_cache .mypy_cache .import_linter_cache .hypothesis
