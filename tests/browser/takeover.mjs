// Secrets that lie in Vault already come under Keeper's care; then somebody changes one there and adds another, and a comparison tells.
import { visit, need } from "./visit.mjs";

const name = need("JOURNEY_NAME");
const [vault, token] = [need("JOURNEY_VAULT"), need("JOURNEY_VAULT_TOKEN")];

const inVault = async (path, method, body) => {
  const answer = await fetch(`${vault}/v1/secret/${path}`, { method, headers: { "X-Vault-Token": token }, body: body && JSON.stringify(body) });
  return (await answer.json().catch(() => ({}))).data;
};
const put = (path, fields) => inVault(`data/${path}`, "POST", { data: fields });

await visit(process.env.JOURNEY_WHO || "ada", async ({ page, go, text, see, expect, submit, follow, look }) => {
  await put(`${name}/db`, { value: "from vault \r\n" });
  await put(`${name}/many`, { user: "u", password: "p" });
  await put(`legacy-${name}/mail/token`, { value: "old" });
  const until = async (what, seen) => {
    for (let i = 0; i < 120 && !(await seen()); i++) await page.waitForTimeout(500).then(() => page.reload());
    expect(what, await seen());
  };

  await go("/secrets/import");
  await follow(page.locator('a[href="/secrets/import/backend"]'));
  await look("form");
  const environment = await page.locator("#f-environment_id option", { hasText: name }).first().getAttribute("value");
  await page.selectOption("#f-environment_id", environment);
  await page.selectOption("#f-backend", "vault");
  await page.fill("#f-folder", `nothing-${name}`);
  await page.check("input[name=then][value=adopt]");
  await submit("/secrets/import/backend");
  await see("Folder holds no secret");
  expect("what was typed", await page.inputValue("#f-folder") === `nothing-${name}`);
  await look("refused");
  for (const folder of [name, `legacy-${name}`]) {
    await go(`/secrets/import/backend?environment=${environment}&backend=vault&folder=${folder}`);
    await page.check("input[name=then][value=adopt]");
    await submit("/secrets/import/backend");
    expect(`how many of ${folder}`, (await text()).includes(folder === name ? "Make 2 secrets" : "Make 1 secret"));
    expect("no value on the page", !(await page.content()).includes("from vault"));
    await look("preview");
    await submit(new URL(page.url()).pathname);
    await until("copies that are right", async () => /of \d+ secrets are copied and read back/.test(await text()) && !/Pending|Syncing/.test(await text()));
    await look("done");
  }
  const [db, many, old] = await Promise.all([`${name}/db`, `${name}/many`, `legacy-${name}/mail/token`].map((path) => inVault(`metadata/${path}`, "GET")));
  expect("a mark, and no write", db.current_version === 1 && db.custom_metadata.keeper_version === "1");
  expect("fields and folders that are left alone", many.current_version === 1 && !many.custom_metadata && !old.custom_metadata);

  await put(`${name}/token`, { value: "changed there" });
  await put(`${name}/added`, { value: "added there" });
  await go(`/environments/${environment}`);
  await follow(page.locator(`a[href="/environments/${environment}/copies"]`));
  await look("never-compared");
  await submit(`/environments/${environment}/compare`);
  await until("the comparison's end", async () => (await text()).includes(", ended "));
  await see("1 differs, 1 was added.");
  await see(`${name}/added`);
  await look("compared");
  await submit(`/environments/${environment}/strays`);
  expect("no stray any more", !(await text()).includes(`${name}/added`));
  await follow(page.locator('a[href$="/copies/vault"]', { hasText: "Decide" }));
  await page.check("input[name=choice][value=accept]");
  await page.fill("#f-reason", "it is right there");
  await submit(new URL(page.url()).pathname);
  await until("a new version from there", async () => (await text()).includes("Succeeded"));
  await go(`/environments/${environment}/copies`);
  await see("Nothing, as far as was compared.");
  console.log("taken over, compared, accepted");
});
