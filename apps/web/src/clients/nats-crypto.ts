/** Stands in for Node's crypto in nats.ws, which asks for it and then uses the browser's own. */
export {};
