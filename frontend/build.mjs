// Builds every src/*.ts and src/*.css into one file that a page can load. Files in folders below are parts of them.
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import * as esbuild from "esbuild";

const here = import.meta.dirname;
const sources = join(here, "src");
const out = join(here, "../src/threadline/desk/static/desk/built");
const entries = existsSync(sources)
  ? readdirSync(sources).filter((name) => /(?<!\.d)\.ts$|\.css$/.test(name))
  : [];

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

const options = {
  entryPoints: entries.map((name) => join(sources, name)),
  outdir: out,
  bundle: true,
  minify: true,
  sourcemap: true,
  format: "iife",
  target: ["es2022"],
  legalComments: "linked",
  loader: { ".svg": "dataurl", ".woff2": "file" },
  logLevel: "info",
};

if (process.argv.includes("--watch")) {
  const context = await esbuild.context(options);
  await context.watch();
} else {
  await esbuild.build(options);
}
