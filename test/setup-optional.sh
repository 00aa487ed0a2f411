#!/bin/sh
# Installs what the optional tests need on Debian: a Vulkan driver in software for the WebGPU tests (Chromium's SwiftShader),
# and an Apertium server with one language pair for the translator's. Without it those tests are skipped, and say so.
set -e
apt-get install -y --no-install-recommends chromium libvulkan1 apertium-apy apertium-eng-spa
