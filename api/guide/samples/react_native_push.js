import messaging from "@react-native-firebase/messaging";
import { Linking, Platform } from "react-native";
import { register } from "./client.mjs";
import { load, save } from "./keychain"; // yours: a store that survives restarts

export async function start() {
  await messaging().requestPermission();
  const key = (await load("key")) ?? crypto.randomUUID();
  const secret = await register(key, await messaging().getToken(), await load("secret"), Platform.OS);
  await save({ key, secret });
  const opened = await messaging().getInitialNotification(); // a tap that started the app
  if (opened) open(opened.data);
}

const open = ({ link }) => Linking.openURL(link); // data: nid, kind, link, key

messaging().onNotificationOpenedApp((message) => open(message.data));
messaging().onTokenRefresh(start);
