// service-worker.js, bundled too
import { initializeApp } from "firebase/app";
import { getMessaging } from "firebase/messaging/sw";

// before getMessaging, which adds a listener of its own: open your page, not the JSON of the API
self.addEventListener("notificationclick", (event) => {
  event.stopImmediatePropagation();
  event.notification.close();
  const { link, nid } = event.notification.data.FCM_MSG.data;
  event.waitUntil(self.clients.openWindow(`/?open=${encodeURIComponent(link)}&nid=${nid}`));
});
getMessaging(initializeApp({ /* the web configuration */ })); // shows the title and body of each push
