// A Keeper of one's own: demo data, served by the real binary on a free port, and the backends beside it, each ended by its
// process id. Its own, because what lies at a path already and is not Keeper's is left alone, and then shows as failed.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { need } from "./browser.mjs";

const freePort = () => new Promise((done) => {
  const server = createServer().listen(0, "127.0.0.1", () => { const { port } = server.address(); server.close(() => done(port)); });
});

const settings = (more) => {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("KEEPER_")));
  return { ...env, KEEPER_DEMO: "true", KEEPER_LIMITS: "off", ...more };
};

const answers = async (url) => {
  for (let i = 0; i < 300; i++) {
    if (await fetch(url).then((answer) => answer.ok, () => false)) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`nothing answers at ${url}`);
};

const end = async (child) => {
  const gone = new Promise((done) => child.once("exit", done));
  if (child.exitCode === null && child.signalCode === null && child.kill("SIGTERM")) await gone;
};

// The metadata of an identity provider at this host, whose key nobody has kept.
export const metadata = (folder, host) => {
  const key = (name) => `${folder}/${name}.pem`;
  execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", `/CN=${host}`, "-keyout", key("key"), "-out", key("certificate")], { stdio: "ignore" });
  const certificate = readFileSync(key("certificate"), "utf8").replace(/-----[^-]+-----|\s/g, "");
  return `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="https://${host}/idp"><md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor><md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://${host}/sso"/></md:IDPSSODescriptor></md:EntityDescriptor>`;
};

export class House {
  backends = [];

  // `empty`: no data and no account; without `backends` only staging has one, a Vault that is not there.
  static async build({ empty = false, backends = !empty, provider = !empty } = {}) {
    const house = new House();
    house.data = mkdtempSync(`${tmpdir()}/keeper-house.`);
    if (!empty) house.run(["seed-demo", "--password-stdin"], { input: "a password of the house", env: settings(backends ? await house.startBackends() : {}) });
    await house.open(provider ? house.knowProvider() : {});
    return house;
  }

  // An identity provider that is known and never met: the sign-in page has its button.
  knowProvider() {
    writeFileSync(`${this.data}/provider.xml`, metadata(this.data, "login.example.com"));
    return { KEEPER_SAML_IDP_METADATA: `${this.data}/provider.xml` };
  }

  async startBackends() {
    const start = (command, args) => this.backends.push(spawn(need(command), args, { env: { ...process.env, HOME: this.data, VAULT_ADDR: "", BAO_ADDR: "" }, stdio: "ignore" }));
    const [vault, aws] = [await freePort(), await freePort()];
    start("KEEPER_TEST_BAO", ["server", "-dev", "-dev-root-token-id=root", `-dev-listen-address=127.0.0.1:${vault}`, "-dev-no-store-token"]);
    start("KEEPER_TEST_MOTO", ["-H", "127.0.0.1", "-p", String(aws)]);
    await Promise.all([answers(`http://127.0.0.1:${vault}/v1/sys/health`), answers(`http://127.0.0.1:${aws}/moto-api/`)]);
    return { KEEPER_DEMO_VAULT_URL: `http://127.0.0.1:${vault}`, KEEPER_DEMO_VAULT_TOKEN: "root", KEEPER_DEMO_AWS_ENDPOINT: `http://127.0.0.1:${aws}` };
  }

  run(args, options = {}) {
    return execFileSync(need("KEEPER_TEST_BIN"), ["--data-dir", this.data, ...args], { encoding: "utf8", env: settings(), ...options, stdio: ["pipe", "pipe", "inherit"] });
  }

  // The API's addresses are no pages, but for the one that tells of them.
  routes() {
    const isPage = ({ path }) => !path.startsWith("/api/") || path === "/api/v1/docs";
    return this.run(["routes"]).trim().split("\n").map((line) => { const [access, method, path] = line.split(/\s+/); return { access, method, path }; }).filter(isPage);
  }

  async open(more) {
    const port = await freePort();
    this.base = `http://127.0.0.1:${port}`;
    this.child = spawn(need("KEEPER_TEST_BIN"), ["--data-dir", this.data, "serve"], { env: settings({ KEEPER_LISTEN: `127.0.0.1:${port}`, KEEPER_LOG: "error", ...more }), stdio: ["ignore", "ignore", "inherit"] });
    await answers(`${this.base}/healthz`);
  }

  async tearDown() {
    await Promise.all([this.child, ...this.backends].filter(Boolean).map(end));
    rmSync(this.data, { recursive: true, force: true });
  }
}
