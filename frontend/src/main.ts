/** Starts the living parts of the page; everything else is already there as text. */

import "./style.css";
import { Colours } from "./colours";
import { RunData } from "./data";
import { byId } from "./dom";
import { Drawing, fillLegend } from "./drawing";
import { Panel } from "./panel";
import { startSearch } from "./search";
import { Selection } from "./selection";
import { startTables } from "./tables";
import { startTheme } from "./theme";

document.documentElement.classList.add("scripted");

/** Folded parts are printed too. */
function openForPrint(): void {
  let folded: HTMLDetailsElement[] = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll<HTMLDetailsElement>("details:not([open])")];
    for (const part of folded) part.open = true;
  });
  addEventListener("afterprint", () => {
    for (const part of folded) part.open = false;
  });
}

/** A link into a folded card opens it. */
function openTarget(): void {
  const target = location.hash ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
  if (target instanceof HTMLDetailsElement) target.open = true;
}

function startNetwork(data: RunData): void {
  const selection = new Selection();
  const colours = new Colours(data.network);
  const [title, body] = [byId("panel-title"), byId("panel-body")];
  if (title && body) new Panel(data, selection, title, body);
  startSearch(data, selection);
  const frame = byId("drawing");
  const legend = byId("legend");
  if (frame) {
    try {
      const drawing = new Drawing(data, colours, selection, frame);
      for (const control of document.querySelectorAll<HTMLElement>("[data-camera]")) {
        control.addEventListener("click", () => drawing.move(control.dataset.camera ?? ""));
      }
      if (legend) fillLegend(legend, data, colours, selection);
    } catch (error) {
      // No WebGL here: the still picture and the tables remain.
      document.documentElement.classList.add("no-drawing");
      console.warn("The network cannot be drawn:", error);
    }
  }
  // The tables come after the drawing: it is what the reader sees first.
  setTimeout(() => startTables(data, selection), 0);
}

startTheme(byId("theme"));
openForPrint();
addEventListener("hashchange", openTarget);
openTarget();
const data = RunData.read();
if (data) startNetwork(data);
