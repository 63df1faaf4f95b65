// What a study page shows of its report, and what a commune page announces of each study.
import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test, vi } from "vitest";
import { studyDetail } from "./fixtures";
import { empty, refuse } from "./handlers";
import { open } from "./open";
import { server } from "./setup";

const extracts = () => screen.findByRole("region", { name: "À quoi ressemblent ses pages" });

test("a study shows drawings of its report, each called a specimen, with its unit and source", async () => {
  open("/etudes/LOG-01");
  const region = await extracts();
  expect(within(region).getByText(/pour une commune inventée/)).toBeVisible();
  const figures = within(region).getAllByRole("figure");
  expect(figures).toHaveLength(studyDetail.specimens.length);
  for (const figure of figures) {
    expect(within(figure).getByText("Spécimen")).toBeVisible();
    expect(within(figure).getByText("En % des logements")).toBeVisible();
    expect(within(figure).getByText(/^Source/)).toBeVisible();
    const drawing = await within(figure).findByRole("img", { name: "Le parc selon son occupation" });
    expect(drawing.querySelector("desc")).toHaveTextContent("Résidences principales 86,1 %");
  }
});

test("the catalogue shows one drawing of each study that has some", async () => {
  open("/etudes");
  const cards = await screen.findAllByRole("article");
  expect(cards).toHaveLength(2);
  expect(await screen.findAllByRole("img", { name: "Le parc selon son occupation" })).toHaveLength(1);
  expect(screen.getAllByText("Spécimen")).toHaveLength(1);
});

test("a drawing has its room before it comes", async () => {
  server.use(http.get("*/api/studies/:code/specimens/:name", () => new Promise<HttpResponse<null>>(() => undefined)));
  open("/etudes/LOG-01");
  const [figure] = within(await extracts()).getAllByRole("figure");
  expect(figure?.querySelector("[style]")).toHaveStyle({ aspectRatio: "330 / 230" });
});

test("a drawing that does not come says so, and the page stands", async () => {
  server.use(http.get("*/api/studies/:code/specimens/:name", () => refuse(404, "specimen.unknown", "Illustration inconnue")));
  open("/etudes/LOG-01");
  const failures = () => screen.getAllByText("Cet extrait n’a pas pu être affiché.");
  await waitFor(() => expect(failures()).toHaveLength(studyDetail.specimens.length));
  expect(screen.getByText("Lire ce rapport")).toBeVisible();
});

test("a drawing is asked for once, however often its page is opened", async () => {
  const asked = vi.fn();
  server.use(
    http.get("*/api/studies/:code/specimens/:name", ({ params }) => {
      asked(params.name);
      return new HttpResponse("<svg role='img' aria-label='Dessin'></svg>");
    }),
  );
  const user = open("/etudes/LOG-01");
  const drawn = () => waitFor(() => expect(screen.getAllByRole("img", { name: "Dessin" })).toHaveLength(2));
  await drawn();
  await user.click(screen.getByRole("link", { name: "Toutes les études" }));
  await user.click(await screen.findByRole("link", { name: /^Découvrir l’étude.*Diagnostic/ }));
  await drawn();
  expect(asked).toHaveBeenCalledTimes(2);
});

test("a study without drawings has no empty part", async () => {
  server.use(...empty);
  open("/etudes/LOG-01");
  expect(await screen.findByText("Lire ce rapport")).toBeVisible();
  expect(screen.queryByText("À quoi ressemblent ses pages")).toBeNull();
});

test("a commune names the pages that each study would lack there, and counts those that remain", async () => {
  open("/communes/99001");
  const offers = within(await screen.findByRole("region", { name: "Études disponibles ici" })).getAllByRole("listitem");
  const offer = (title: string) => {
    const found = offers.find((item) => within(item).queryByRole("heading", { level: 3, name: title }));
    return within(found ?? document.createElement("div"));
  };
  const [housing, portrait] = [offer("Diagnostic logement"), offer("Portrait de territoire")];
  expect(housing.getByText("Étude complète")).toBeVisible();
  expect(housing.getByText("24 pages")).toBeVisible();
  expect(portrait.getByText("13 pages sur 14")).toBeVisible();
  expect(portrait.getByText("Page 10, Marché : ventes non diffusées dans ce département")).toBeVisible();
});

test("the order form tells what will be missing before it asks for the money", async () => {
  open("/commander/TER-01/99001");
  const recap = await screen.findByRole("region", { name: "3. Récapitulatif" });
  expect(within(recap).getByText("Étude réduite")).toBeVisible();
  expect(within(recap).getByText(/Page 10, Marché/)).toBeVisible();
  expect(within(recap).getByText("13 pages sur 14")).toBeVisible();
  expect(within(recap).getByText("108 € TTC", { exact: false })).toBeVisible();
});
