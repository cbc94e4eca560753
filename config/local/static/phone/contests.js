// Open contests, and the paper of one: entered under a code, saved while it is written, submitted for a receipt.

import { call, make } from "./api.js";
import * as device from "./device.js";

const LOOK_MILLISECONDS = 15_000;
const STORAGE_KEY = "luatmo.nonces"; // {address of a round: nonce}: a retry starts no second attempt
const byId = (id) => document.getElementById(id);

let paper = null; // the attempt on the page: { attempt, answers, seq, clock, timers }
let drawn = "";
let tell = () => {};

/** `say` shows a message, "" if there is none. */
export function begin(say) {
  tell = say;
  refresh();
  setInterval(() => { if (!document.hidden && !paper) refresh(); }, LOOK_MILLISECONDS);
}

/** List the contests of which a round is open. */
export async function refresh() {
  try {
    const found = (await call("GET", "/api/v1/contests?open=true")).results;
    const results = found.filter((each) => each.home === null); // of others one takes part there
    const state = JSON.stringify([results.map((each) => each.key), device.exists()]);
    if (state === drawn) return;
    drawn = state;
    byId("contests").replaceChildren(...(results.length ? results.map(row) : [make("li", { class: "hint" }, "Không có cuộc thi nào đang mở.")]));
  } catch { /* the page says already that the server is away */ }
}

function row(contest) {
  const round = contest.rounds.find((each) => each.status === "open");
  return make(
    "li", {},
    make("span", { class: "name" }, contest.title, make("small", {}, `Vòng ${round.number}, đến ${endInWords(round.ends_at)} · ${Math.round(round.seconds / 60)} phút`)),
    make("button", {
      type: "button", class: "follow", disabled: !device.exists(), "aria-label": `Xem thể lệ ${contest.title}`,
      onclick: () => attemptOrTell(() => showRules(contest.key, round.number)),
    }, "Xem thể lệ"),
  );
}

/** «24h00 ngày 15/07/2026 (giờ Việt Nam)», wherever the browser is: midnight is the end of the day before. */
export function endInWords(endsAt) {
  const moment = new Date(endsAt);
  const { day, month, year, hour, minute } = vietnamParts(moment);
  if (hour !== "00" || minute !== "00") return `${hour}h${minute} ngày ${day}/${month}/${year} (giờ Việt Nam)`;
  const before = vietnamParts(new Date(moment - 1));
  return `24h00 ngày ${before.day}/${before.month}/${before.year} (giờ Việt Nam)`;
}

function vietnamParts(moment) {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: "Asia/Ho_Chi_Minh", day: "2-digit", month: "2-digit", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  });
  return Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, value]));
}

async function attemptOrTell(action) {
  try {
    await action();
    tell("");
  } catch (trouble) {
    tell(trouble.message);
  }
}

async function showRules(key, number) {
  const contest = await call("GET", `/api/v1/contests/${key}`);
  const agree = make("button", {
    type: "button", class: "chip try", onclick: () => attemptOrTell(() => start(contest, number)),
  }, "Tôi đồng ý và làm bài");
  show(
    make("h2", { tabindex: "-1" }, contest.title),
    make("ul", {}, ...contest.rules_in_words.map((sentence) => make("li", {}, sentence))),
    make("p", { class: "small" }, "Câu trả lời và kết quả được lưu dưới một mã cho cuộc thi này, không có tên. Bạn dự thi với nhóm tuổi từ 18."),
    make("p", {}, agree, " ", leave("Để sau")),
  );
}

async function start(contest, number) {
  await device.asMe("PUT", `contests/${contest.key}/entry`, { age_band: "adult", consent: true });
  const address = `contests/${contest.key}/rounds/${number}`;
  const attempt = await device.asMe("POST", `${address}/attempts`, { nonce: nonceOf(address) });
  if (attempt.state !== "open") { // the nonce of an attempt that is over
    forgetNonce(address);
    return start(contest, number);
  }
  const clock = new Date(attempt.now) - new Date(); // the server's, minus ours
  paper = { attempt, address, answers: { ...attempt.answers }, seq: attempt.saved_seq, clock, isChanged: false };
  drawPaper(contest.title);
  paper.ticking = setInterval(tick, 1000);
  paper.saving = setTimeout(saveLater, 1000 * attempt.save_seconds);
  tick();
}

function drawPaper(title) {
  show(
    make("h2", { tabindex: "-1" }, title),
    make("p", { class: "countdown", id: "countdown", role: "timer" }),
    make("form", { id: "paper-form" }, ...paper.attempt.questions.map(field)),
    make("p", { class: "found", id: "saved", role: "status" }),
    make("p", {}, make("button", { type: "button", class: "chip try", onclick: () => attemptOrTell(submit) }, "Nộp bài"), " ", leave("Tạm dừng")),
  );
}

function field(question) {
  const name = String(question.n);
  const inputs = question.choices.length
    ? question.choices.map((choice) => make("label", { class: "choice" }, input("radio", name, choice.id), ` ${choice.text}`))
    : [input("text", name, "")];
  return make("fieldset", {}, make("legend", {}, make("b", {}, `${question.n}.`), ` ${question.text}`), ...inputs);
}

function input(type, name, value) {
  const given = paper.answers[name] ?? "";
  const element = make("input", { type, name, value: type === "text" ? given : value, checked: type === "radio" && given === value, autocomplete: "off", maxlength: 200, "aria-label": type === "text" ? `Trả lời câu ${name}` : null });
  element.addEventListener("input", () => {
    paper.answers[name] = element.value;
    paper.isChanged = true;
  });
  return element;
}

/** The time left by the clock of the server. At the end what was written is submitted: five seconds are left for it. */
function tick() {
  const left = Math.max(0, Math.ceil((new Date(paper.attempt.deadline_at) - (Date.now() + paper.clock)) / 1000));
  byId("countdown").textContent = `Còn ${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  if (!left) {
    clearInterval(paper.ticking);
    attemptOrTell(submit);
  }
}

async function saveLater() {
  const mine = paper;
  let seconds = 15;
  try {
    if (mine.isChanged) {
      mine.isChanged = false;
      const saved = await device.asMe("PUT", `attempts/${mine.attempt.key}/answers`, { seq: ++mine.seq, answers: mine.answers });
      seconds = saved.save_seconds;
      if (paper === mine) byId("saved").textContent = "Đã lưu.";
    }
  } catch {
    mine.isChanged = true; // 503 or no network: the answers stay here, and the next save has them all
    seconds = 60;
    if (paper === mine) byId("saved").textContent = "Chưa lưu được. Bài vẫn ở đây và sẽ được gửi lại.";
  }
  if (paper === mine) mine.saving = setTimeout(saveLater, 1000 * seconds);
}

async function submit() {
  const mine = paper;
  const outcome = await device.asMe("POST", `attempts/${mine.attempt.key}/submission`, { seq: mine.seq + 1, answers: mine.answers });
  forgetNonce(mine.address);
  stop();
  const result = outcome.result
    ? `Đúng ${outcome.result.correct}/${outcome.result.questions} câu, trong ${Math.round(outcome.result.duration_ms / 1000)} giây.`
    : "Đã nộp. Kết quả hiện khi thể lệ cho phép.";
  show(
    make("h2", { tabindex: "-1" }, "Đã nộp bài"),
    make("p", {}, result),
    make("details", {}, make("summary", {}, "Biên nhận có chữ ký"), make("code", { class: "receipt" }, outcome.receipt)),
    make("p", { class: "small" }, "Kiểm tra biên nhận không cần mạng: xem ", make("a", { href: "/docs/contests" }, "hướng dẫn"), "."),
    make("p", {}, leave("Trở lại")),
  );
}

function show(...children) {
  byId("paper").replaceChildren(...children);
  byId("paper").hidden = false;
  byId("contest-list").hidden = true;
  byId("paper").querySelector("h2").focus();
}

function leave(words) {
  return make("button", { type: "button", class: "quiet", onclick: () => { stop(); byId("paper").hidden = true; byId("contest-list").hidden = false; } }, words);
}

function stop() {
  clearInterval(paper?.ticking);
  clearTimeout(paper?.saving);
  paper = null;
}

const random = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

function nonces() {
  try {
    return JSON.parse(localStorage.getItem(STORAGE_KEY)) ?? {};
  } catch {
    return {}; // no storage here: an open attempt is returned all the same
  }
}

function nonceOf(address) {
  const known = nonces();
  known[address] ??= random();
  keep(known);
  return known[address];
}

function forgetNonce(address) {
  const known = nonces();
  delete known[address];
  keep(known);
}

function keep(known) {
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(known));
  } catch { /* as above */ }
}
