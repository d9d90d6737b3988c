/**
 * The worker of a journal: nothing that its file does delays the server. From a URL it needs no
 * permission but its file's; from a folder also that of `worker_files.ts`.
 *
 * @module
 */

import { FandError } from "../../errors.ts";
import { HistoryReader } from "./history.ts";
import { Keeper } from "./keeper.ts";
import { explainAt } from "./past.ts";
import type { FromJournal, JournalQuestion, ToJournal } from "./worker_messages.ts";

/** What a worker's global object has and the types of a window lack. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<ToJournal>) => void) | null;
  postMessage(message: FromJournal): void;
}

/** From one attempt to write into a locked file to the next. */
const RETRY_MS = 500;

const scope = globalThis as unknown as WorkerScope;
let keeper: Keeper | null = null;
let retry: ReturnType<typeof setTimeout> | undefined;

function work(): void {
  clearTimeout(retry);
  keeper?.work();
  if (keeper?.isHeldUp) retry = setTimeout(work, RETRY_MS);
}

function answer(question: JournalQuestion): unknown {
  const { file, rollUps } = open();
  if (question.about === "audit") return file.changes(question);
  if (question.about === "explanation") return explainAt(file.database.sql, question);
  return new HistoryReader(file.database.sql, rollUps).page(question.query);
}

function open(): Keeper {
  if (keeper === null) throw new FandError("Cannot ask the journal: it is closed; start again");
  return keeper;
}

function handle(message: ToJournal): void {
  switch (message.type) {
    case "open":
      keeper = new Keeper(message.config, {
        tell: (level, text) => scope.postMessage({ type: "tell", level, text }),
        done: (isKept) => scope.postMessage({ type: "done", isKept }),
      });
      break;
    case "begin": {
      const { config, state, source, wallMs } = message;
      keeper?.take({ config: JSON.parse(config), state: JSON.parse(state), source, wallMs });
      work();
      break;
    }
    case "chunk":
      keeper?.take(message.bytes);
      work();
      break;
    case "change":
      keeper?.takeChange(message.entry);
      work();
      break;
    case "ask":
      ask(message.id, message.question);
      break;
    case "close":
      work();
      clearTimeout(retry);
      keeper?.[Symbol.dispose]();
      keeper = null;
      scope.postMessage({ type: "closed" });
  }
}

function ask(id: number, question: JournalQuestion): void {
  try {
    scope.postMessage({ type: "answer", id, answer: answer(question) });
  } catch (error) {
    const message = error instanceof FandError
      ? error.message
      : `Cannot ask the journal: ${
        error instanceof Error ? error.message : error
      }; ask again later`;
    scope.postMessage({ type: "refusal", id, message });
  }
}

scope.onmessage = ({ data }) => handle(data);
scope.postMessage({ type: "loaded" });
