import { serveParent } from "../children/serve-parent.ts";
import { createMaterializer } from "./materialize.ts";
import { PublishRequest } from "./publisher.ts";
import { openVerifier } from "./verify.ts";

const verifier = await openVerifier();
serveParent(PublishRequest, createMaterializer(verifier));
