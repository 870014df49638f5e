export { InboxPage } from "./inbox-page.tsx";
export { NotificationRow } from "./notification-row.tsx";
