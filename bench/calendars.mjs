// What ical.js reads in the iCalendar file on standard input, as JSON. The argument is ical.js's module.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const ICAL = (await import(pathToFileURL(process.argv[2]).href)).default;
const file = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));
for (const zone of file.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(new ICAL.Timezone(zone));
const events = file.getAllSubcomponents("vevent").map((component) => {
  const event = new ICAL.Event(component);
  return {
    uid: event.uid,
    sequence: event.sequence,
    status: component.getFirstPropertyValue("status"),
    start: event.startDate.toUnixTime(),
    end: event.endDate.toUnixTime(),
    summary: event.summary,
    description: event.description,
    location: event.location,
  };
});
process.stdout.write(JSON.stringify(events));
