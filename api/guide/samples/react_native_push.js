import "react-native-get-random-values"; // React Native has no random numbers of its own; `uuid` needs them
import messaging from "@react-native-firebase/messaging";
import { Platform } from "react-native";
import { v4 as uuid } from "uuid";
import { call, register } from "./client"; // client.mjs, saved as client.js: Metro looks for that
import { show } from "./navigation"; // yours: draws the answer on a screen
import { load, save } from "./keychain"; // yours: a store that survives restarts

export async function start() {
  await messaging().requestPermission();
  const key = (await load("key")) ?? uuid();
  const secret = await register(key, await messaging().getToken(), await load("secret"), Platform.OS);
  await save({ key, secret });
  const opened = await messaging().getInitialNotification(); // a tap that started the app
  if (opened) open(opened.data);
}

/** `data` has nid, kind, link, page_url, key. Asked for JSON, page_url leads to its object in the API. */
async function open({ link, page_url, nid }) {
  const secret = await load("secret");
  show(await call("GET", link.includes("/inbox/") ? link : page_url, { secret })); // private news is in the inbox only
  await call("PUT", `inbox/${nid}/read`, { secret });
}

messaging().onNotificationOpenedApp((message) => open(message.data));
messaging().onTokenRefresh(start);
