/** Light and dark: the system's choice until the reader presses the button. */

const LISTENERS: (() => void)[] = [];

export function isDark(): boolean {
  const set = document.documentElement.dataset.theme;
  return set ? set === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

export function onTheme(listener: () => void): void {
  LISTENERS.push(listener);
}

export function startTheme(control: HTMLElement | null): void {
  const show = (): void => {
    const dark = isDark();
    if (control) {
      control.textContent = dark ? "Light" : "Dark";
      control.setAttribute("aria-pressed", String(dark));
      control.setAttribute("aria-label", "Dark colours");
    }
    for (const listener of LISTENERS) listener();
  };
  control?.addEventListener("click", () => {
    document.documentElement.dataset.theme = isDark() ? "light" : "dark";
    show();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
  show();
}
