/**
 * A temperature behind HTTP, as a process of its own that can be killed and stopped: it prints its
 * port and answers every question with 42.5.
 *
 * @module
 */

Deno.serve({
  hostname: "127.0.0.1",
  port: 0,
  onListen: ({ port }) => Deno.stdout.writeSync(new TextEncoder().encode(`port ${port}\n`)),
}, () => new Response("42.5"));
