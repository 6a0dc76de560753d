// Builds every src/*.ts and src/*.css into one file that a page can load. Files in folders below are parts of them.
// widget.ts is for foreign sites: it goes to the portal, in one file with its style sheet inside. What a window needs
// for its first call is another file there, which it loads then.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import * as esbuild from "esbuild";

const here = import.meta.dirname;
const sources = join(here, "src");
const out = join(here, "../src/threadline/desk/static/desk/built");
const FOREIGN = ["widget.ts", "widget_call.ts"];
const entries = existsSync(sources)
  ? readdirSync(sources).filter((name) => /(?<!\.d)\.ts$|\.css$/.test(name) && !FOREIGN.includes(name))
  : [];

const portal = join(here, "../src/threadline/portal/static/portal/built");

for (const folder of [out, portal]) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
}

const common = { bundle: true, minify: true, format: "iife", target: ["es2022"], logLevel: "info" };
const desk = {
  ...common,
  entryPoints: entries.map((name) => join(sources, name)),
  outdir: out,
  sourcemap: true,
  legalComments: "linked",
  loader: { ".svg": "dataurl", ".woff2": "file" },
};
const styleAsText = {
  name: "style as text",
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await esbuild.transform(readFileSync(path, "utf8"), { loader: "css", minify: true });
      return { contents: code.trim(), loader: "text" };
    });
  },
};
const widget = { ...common, entryPoints: FOREIGN.map((name) => join(sources, name)), outdir: portal, plugins: [styleAsText] };

for (const options of [desk, widget]) {
  if (process.argv.includes("--watch")) await (await esbuild.context(options)).watch();
  else await esbuild.build(options);
}
