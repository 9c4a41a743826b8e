/** Builds the script and style of a record's page beside those of the report. */

import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = dirname(fileURLToPath(import.meta.url));

export default defineConfig({
  build: {
    outDir: resolve(here, "../src/assay/report/built"),
    emptyOutDir: false,
    target: "es2021",
    cssTarget: "chrome100",
    reportCompressedSize: false,
    lib: {
      entry: resolve(here, "src/record.ts"),
      formats: ["iife"],
      name: "assayRecord",
      fileName: () => "record.js",
      cssFileName: "record",
    },
  },
});
