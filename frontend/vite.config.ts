import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

const here = dirname(fileURLToPath(import.meta.url));
const built = resolve(here, "../src/assay/report/built");

/** The folder of the npm package that a module belongs to, if it belongs to one. */
function packageOf(moduleId: string): string | undefined {
  return /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(moduleId.replaceAll("\\", "/"))?.[1];
}

/** Puts the licence of every bundled package at the head of the script, as those licences ask. */
function licences(): Plugin {
  return {
    name: "licences",
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== "chunk") continue;
        const folders = new Set(chunk.moduleIds.map(packageOf).filter((f) => f !== undefined));
        const notices = [...folders].sort().map((folder) => {
          const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
          const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
          const text = file ? readFileSync(join(folder, file), "utf8").trim() : about.license;
          return `${about.name} ${about.version}\n\n${text}`;
        });
        const text = notices.join("\n\n----\n\n").replaceAll("*/", "* /");
        chunk.code = `/*!\nThis script contains:\n\n${text}\n*/\n${chunk.code}`;
      }
    },
  };
}

/** Copies the font that pictures are lettered in, with its licence. */
function font(): Plugin {
  return {
    name: "font",
    closeBundle() {
      const from = resolve(here, "node_modules/dejavu-fonts-ttf");
      if (!existsSync(built)) mkdirSync(built, { recursive: true });
      copyFileSync(join(from, "ttf/DejaVuSans.ttf"), join(built, "DejaVuSans.ttf"));
      copyFileSync(join(from, "LICENSE"), join(built, "DejaVuSans-LICENSE.txt"));
    },
  };
}

export default defineConfig({
  plugins: [licences(), font()],
  build: {
    outDir: built,
    emptyOutDir: true,
    target: "es2021",
    cssTarget: "chrome100",
    reportCompressedSize: false,
    lib: {
      entry: resolve(here, "src/main.ts"),
      formats: ["iife"],
      name: "assayReport",
      fileName: () => "report.js",
      cssFileName: "report",
    },
  },
});
