// page.js, bundled with the package `firebase`
import { initializeApp } from "firebase/app";
import { getMessaging, getToken, onMessage } from "firebase/messaging";
import { register } from "./client.mjs";

/** Call it in a click. `kept` is your storage: key and secret. Without permission, read the inbox. */
export async function startPushes(config, vapidKey, kept, sync) {
  if ((await Notification.requestPermission()) !== "granted") return;
  const messaging = getMessaging(initializeApp(config)); // config and vapidKey: from the operator of the server
  const serviceWorkerRegistration = await navigator.serviceWorker.register("/service-worker.js");
  const token = await getToken(messaging, { vapidKey, serviceWorkerRegistration });
  kept.secret = await register(kept.key, token, kept.secret, "web");
  onMessage(messaging, sync); // the page is open: nothing is shown, so read the inbox
}
