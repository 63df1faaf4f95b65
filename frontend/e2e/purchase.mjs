// Buys a study in a browser with the keyboard alone, on a running server with its sandbox payment page.
//   BASE_URL=http://127.0.0.1:8080 STUDY=TER-01 COMMUNE=44109 node e2e/purchase.mjs [folder for the screenshots]
import AxeBuilder from "@axe-core/playwright";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { chromium } from "playwright-core";

const base = process.env.BASE_URL ?? "http://127.0.0.1:8080";
const insee = process.env.COMMUNE ?? "44109";
const study = process.env.STUDY ?? "LOG-01";
const width = Number(process.env.WIDTH ?? 1440);
const browserPath = process.env.LOBSTER_CHROMIUM ?? "/usr/bin/chromium-headless-shell";
const folder = process.argv[2] ?? "dist-screens";
mkdirSync(folder, { recursive: true });

const browser = await chromium.launch({ executablePath: browserPath });
const context = await browser.newContext({ viewport: { width, height: 900 }, locale: "fr-FR" });
const page = await context.newPage();
const complaints = [];
page.on("pageerror", (error) => complaints.push(error.message));
page.on("console", (message) => {
  if (message.type() === "error" && page.url().startsWith(base)) complaints.push(message.text());
});

let shots = 0;
/** One screen of ours: read by axe, kept as a picture. */
async function seen(name) {
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]).analyze();
  for (const { id, nodes } of violations) complaints.push(`${name}: axe ${id} on ${nodes.map(({ target }) => target.join(" ")).join(" | ")}`);
  shots += 1;
  await page.screenshot({ path: `${folder}/achat-${shots}-${name}.png`, fullPage: true });
}

/** Tabs until `locator` has the focus: what cannot be reached so cannot be used without a mouse. */
async function tabTo(locator) {
  await locator.waitFor();
  for (let presses = 0; presses < 120; presses += 1) {
    if (await locator.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`${locator} cannot be reached with the Tab key`);
}

const title = (name) => page.getByRole("heading", { level: 1, name });

try {
  await page.goto(base);
  const search = page.getByRole("combobox", { name: "Votre commune" });
  await tabTo(search);
  await page.keyboard.type(insee);
  await page.getByRole("option").first().waitFor();
  await seen("recherche");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");

  await page.waitForURL(`**/communes/${insee}`);
  const offer = page.getByRole("listitem").filter({ has: page.getByText(study, { exact: true }) });
  const order = offer.getByRole("link", { name: /^Commander/ });
  await order.waitFor();
  await page.locator(".carte path").first().waitFor();
  await seen("commune");
  await tabTo(order);
  await page.keyboard.press("Enter");

  const email = page.getByLabel("Adresse e-mail");
  await tabTo(email);
  await page.keyboard.type("acheteur@exemple.fr");
  for (const box of await page.getByRole("checkbox").all()) {
    await tabTo(box);
    await page.keyboard.press("Space");
  }
  await seen("commande");
  await tabTo(page.getByRole("button", { name: "Commander avec obligation de paiement", exact: true }));
  await page.keyboard.press("Enter");

  const pay = page.getByRole("button", { name: /^Payer/ });
  await tabTo(pay);
  await page.keyboard.press("Enter");

  await title("Paiement confirmé").waitFor({ timeout: 30_000 });
  await seen("retour");
  await tabTo(page.getByRole("link", { name: "Suivre la fabrication" }));
  await page.keyboard.press("Enter");

  await page.waitForURL("**/suivi/**");
  await page.getByRole("heading", { name: "Étapes de fabrication" }).waitFor();
  await seen("suivi");
  await title("Votre rapport est prêt").waitFor({ timeout: 240_000 });
  await page.getByText("Historique complet").click();
  await page.getByText("Rapport livré").waitFor();
  await seen("livraison");

  const link = page.getByRole("link", { name: "Télécharger le PDF" });
  const answer = await page.request.get(new URL(await link.getAttribute("href"), base).href);
  assert.equal(answer.status(), 200, "the download link gives no file");
  const file = await answer.body();
  assert.equal(file.subarray(0, 5).toString(), "%PDF-");
  const digest = createHash("sha256").update(file).digest("hex");
  const shown = (await page.getByText(/^([0-9a-f]{8} ){7}[0-9a-f]{8}$/).innerText()).replaceAll(" ", "");
  assert.equal(shown, digest, "the digest on screen is not that of the file");

  const fetched = async (name) => page.request.get(new URL(await page.getByRole("link", { name }).getAttribute("href"), base).href);
  const table = await fetched("Pour un tableur (CSV)");
  assert.equal(table.status(), 200, "the spreadsheet of figures is not given");
  const lines = (await table.text()).split("\r\n");
  assert.ok(lines[0].startsWith("\ufeffIdentifiant;Libellé;"), lines[0]);
  assert.ok(lines.length > 50, `the spreadsheet has ${lines.length} lines`);
  const data = await fetched("Données complètes (JSON)");
  const sheet = await data.body();
  assert.equal(createHash("sha256").update(sheet).digest("hex"), data.headers()["x-content-sha256"]);
  assert.equal(JSON.parse(sheet).study, study);
  assert.deepEqual(complaints, []);
  console.log(`${study} bought with the keyboard alone: ${file.length} bytes, sha256 ${digest}, ${lines.length - 2} figures`);
} catch (error) {
  await page.screenshot({ path: `${folder}/achat-echec.png`, fullPage: true });
  console.error(`stopped at ${page.url().replace(/[^/=]{43}$/, "…")}`);
  throw error;
} finally {
  await browser.close();
}
