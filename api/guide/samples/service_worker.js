// service-worker.js, bundled too
import { initializeApp } from "firebase/app";
import { getMessaging } from "firebase/messaging/sw";

// before getMessaging, which adds a listener of its own
self.addEventListener("notificationclick", (event) => {
  event.stopImmediatePropagation();
  event.notification.close();
  const { link, page_url, nid } = event.notification.data.FCM_MSG.data;
  const isPrivate = link.includes("/inbox/"); // then a page of yours reads inbox/{nid} with the secret
  event.waitUntil(self.clients.openWindow(isPrivate ? `/?nid=${nid}` : page_url));
});
getMessaging(initializeApp({ /* the web configuration */ })); // shows the title and body of each push
