// Answers the API from the fixtures of the tests, inside the browser: the pages can be looked at without a server.
import { getResponse } from "msw";
import { runnerImport } from "vite";

const { module } = await runnerImport("./tests/handlers.ts");

export async function playScene(page, name) {
  const handlers = module.scenes[name];
  if (!handlers) throw new Error(`no scene is called ${name}: one of ${Object.keys(module.scenes).join(", ")}`);
  await page.route("**/api/**", async (route) => {
    const asked = route.request();
    const body = asked.postData();
    const request = new Request(asked.url(), { method: asked.method(), headers: await asked.allHeaders(), ...(body === null ? {} : { body }) });
    const answer = await getResponse(handlers, request);
    if (!answer) return route.abort();
    await route.fulfill({ status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() });
  });
}

export const token = (await runnerImport("./tests/fixtures.ts")).module.TOKEN;
