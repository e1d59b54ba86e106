#!/usr/bin/env node
// Exists before the first build, so that pnpm can link the command. The published package names dist/cli.js itself.
import '../dist/cli.js'
