/** A link as a message shows it. */

const MAX_LENGTH = 120;

/** Short, and without its query, which is often a signature that opens the file to everybody. */
export function shownLink(link: string): string {
	const beginning = link.slice(0, MAX_LENGTH + 1);
	const [place = ''] = beginning.split(/[?#]/, 1);
	if (place.length > MAX_LENGTH) return `${place.slice(0, MAX_LENGTH)}…`;
	return place.length < beginning.length ? `${place}?…` : place;
}
