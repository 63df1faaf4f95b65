// Looks at every screen in several states and widths: screenshots, axe, sideways overflow, console errors.
//   BASE_URL=http://127.0.0.1:4173 node e2e/screens.mjs [folder for the screenshots]
// The API is played from the fixtures of the tests; BASE_URL only serves the pages (`npx vite preview`).
import AxeBuilder from "@axe-core/playwright";
import { mkdirSync } from "node:fs";
import { chromium } from "playwright-core";
import { playScene, token } from "./fixtures.mjs";

const base = process.env.BASE_URL ?? "http://127.0.0.1:4173";
const browserPath = process.env.LOBSTER_CHROMIUM ?? "/usr/bin/chromium-headless-shell";
const folder = process.argv[2] ?? "dist-screens";
const only = process.argv[3];
const WIDTHS = { bureau: { width: 1440, height: 900 }, mobile: { width: 390, height: 844 }, etroit: { width: 320, height: 640 } };

/** Everything that an order may be for its customer. */
const FOLLOWED = [
  ...["usual", "delivered", "reduced", "failed", "pending", "awaiting", "expired", "cancelled", "refunded", "disputed"],
  ...["linkExpired", "bounced", "broken"],
];

const SCREENS = [
  ["accueil", "/", ["usual", "empty", "broken"]],
  ["etudes", "/etudes", ["usual", "empty", "broken"]],
  ["etude", "/etudes/LOG-01", ["usual", "empty", "broken"]],
  ["commune", "/communes/99001", ["usual", "empty", "broken"]],
  ["commander", "/commander/LOG-01/99001", ["usual", "empty", "broken"]],
  ["retour", `/paiement/retour?suivi=${token}`, ["usual", "pending", "awaiting", "expired", "broken"]],
  ["abandon", `/paiement/retour?suivi=${token}&abandon=1`, ["pending"]],
  ["lien", "/paiement/retour?suivi=coupe", ["usual"]],
  ["suivi", `/suivi/${token}`, FOLLOWED],
  ["accessibilite", "/accessibilite", ["usual"]],
  ["mentions", "/mentions-legales", ["usual"]],
  ["cgv", "/cgv", ["usual"]],
  ["confidentialite", "/confidentialite", ["usual"]],
  ["introuvable", "/nulle-part", ["usual"]],
];

/** States that a visitor reaches by acting. */
const ACTIONS = {
  "commander usual": ["erreurs", (page) => page.getByRole("button", { name: "Commander avec obligation de paiement" }).click()],
  "accueil usual": ["recherche", (page) => page.getByRole("combobox").first().pressSequentially("ville")],
  "suivi pending": ["annuler", (page) => page.getByRole("button", { name: "Annuler la commande" }).click()],
  "suivi delivered": ["historique", (page) => page.getByText("Historique complet").click()],
};

/** What moves under the reader's eyes; the sheet allows 0.1 and we gate at 0.05. */
const SHIFT = 0.05;
const watchShifts = () => {
  window.shift = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
};

mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({ executablePath: browserPath });
const faults = [];

async function examine(page, name) {
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]).analyze();
  for (const { id, help, nodes } of violations) faults.push(`${name}: axe ${id}, ${help}: ${nodes.map(({ target }) => target.join(" ")).join(" | ")}`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (wide > 0) faults.push(`${name}: ${wide} px wider than the screen`);
  const text = await page.evaluate(() => document.body.innerText);
  for (const bad of ["undefined", "NaN", "[object", "null"]) if (text.includes(bad)) faults.push(`${name}: prints « ${bad} »`);
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}

let seen = 0;
for (const [device, viewport] of Object.entries(WIDTHS)) {
  for (const [screen, path, scenes] of SCREENS) {
    if (only && screen !== only) continue;
    for (const scene of scenes) {
      const name = `${screen}-${scene}-${device}`;
      const context = await browser.newContext({ viewport, reducedMotion: "reduce", locale: "fr-FR" });
      const page = await context.newPage();
      page.on("pageerror", (error) => faults.push(`${name}: ${error.message}`));
      page.on("console", (message) => {
        // A refused call is part of the broken scene; anything else in the console is a fault.
        if (message.type() === "error" && !/Failed to load resource/.test(message.text())) faults.push(`${name}: ${message.text()}`);
      });
      page.on("request", (request) => {
        if (!request.url().startsWith(base)) faults.push(`${name}: asks a third party, ${request.url()}`);
      });
      await page.addInitScript(watchShifts);
      await playScene(page, scene);
      await page.goto(base + path);
      // The broken scene retries twice, after one then two seconds, before it says so.
      await page.waitForTimeout(scene === "broken" ? 4_500 : 900);
      const shift = await page.evaluate(() => window.shift);
      if (shift > SHIFT) faults.push(`${name}: moves by ${shift.toFixed(3)} while loading`);
      await examine(page, name);
      const action = ACTIONS[`${screen} ${scene}`];
      if (action) {
        await action[1](page);
        await page.waitForTimeout(600);
        await examine(page, `${name}-${action[0]}`);
      }
      await context.close();
      seen += 1;
    }
  }
}
await browser.close();
console.log(`${seen} screens examined, ${faults.length} faults`);
for (const fault of faults) console.log(`  ${fault}`);
process.exitCode = faults.length === 0 ? 0 : 1;
