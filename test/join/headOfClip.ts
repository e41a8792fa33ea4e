/** Clips with other tables, for lengths and sizes that no file of the tests has. */
import type { Box } from '../../nodes/CometApiVideo/join/boxes';
import { readBoxes, uint32, writeBox } from '../../nodes/CometApiVideo/join/boxes';

const PARENTS = ['moov', 'trak', 'mdia', 'minf', 'stbl'];

export interface OtherTables {
	/** Which boxes stay, with what is in them. */
	keeps(box: Box): boolean;
	/** What stands in the place of the table of this type; undefined: the table as it is. */
	table(type: string): Buffer | undefined;
}

/**
 * The beginning of a clip; the bytes of its frames follow.
 * @param source the clip that it is made of
 * @param dataBytes of all frames
 * @param tablesFor where in the file the first frame is; the length of the tables does not depend on it
 */
export function headOfClip(source: Buffer, dataBytes: number, tablesFor: (place: number) => OtherTables): Buffer {
	const boxes = readBoxes(source);
	const [type, movie] = ['ftyp', 'moov'].map((name) => boxes.find((box) => box.type === name));
	if (!type || !movie) throw new Error('The clip has no tables');
	const start = writeBox('ftyp', type.body);
	const tablesAt = (place: number) => rewrite(movie, tablesFor(place));
	const data = Buffer.concat([uint32(dataBytes + 8), Buffer.from('mdat')]);
	return Buffer.concat([start, tablesAt(start.length + tablesAt(0).length + data.length), data]);
}

function rewrite({ type, body }: Box, tables: OtherTables): Buffer {
	if (!PARENTS.includes(type)) return tables.table(type) ?? writeBox(type, body);
	const children = readBoxes(body).filter((child) => tables.keeps(child));
	return writeBox(type, ...children.map((child) => rewrite(child, tables)));
}
