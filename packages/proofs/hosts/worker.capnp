# The worker, its modules as they are published, and the way out to servers on this machine.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "app", worker = .app),
    (name = "internet", network = (allow = ["public", "private"])),
  ],
  sockets = [(name = "http", http = (), service = "app")],
);

const app :Workerd.Worker = (
  compatibilityDate = "2026-11-01",
  modules = [
    (name = "worker", esModule = embed "worker.js"),
    (name = "app.ts", esModule = embed "app.js"),
    (name = "pages.ts", esModule = embed "pages.js"),
    (name = "@civitai-oauth/client", esModule = embed "node_modules/@civitai-oauth/client/dist/index.js"),
  ],
  bindings = [
    (name = "CIVITAI_CLIENT_ID", fromEnvironment = "CIVITAI_CLIENT_ID"),
    (name = "CIVITAI_CLIENT_SECRET", fromEnvironment = "CIVITAI_CLIENT_SECRET"),
    (name = "CIVITAI_SESSION_SECRET", fromEnvironment = "CIVITAI_SESSION_SECRET"),
    (name = "CIVITAI_ISSUER", fromEnvironment = "CIVITAI_ISSUER"),
    (name = "CIVITAI_API_ORIGIN", fromEnvironment = "CIVITAI_API_ORIGIN"),
    (name = "CIVITAI_ORIGIN", fromEnvironment = "CIVITAI_ORIGIN"),
  ],
);
