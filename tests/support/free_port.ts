/**
 * A port that was free a moment ago: for a process that is told its port on the command line and
 * has a permission for that one alone. Whoever can listen on port 0 does so instead.
 */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
