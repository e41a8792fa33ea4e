/**
 * Reads a JSON body field by field. Owns the types and ranges; which fields exist is told by the route that calls it.
 * Whoever reads ends with `end()`, which refuses every field that nobody asked for.
 */
import { readMediaType, type RecordedRequest } from '../recordedRequest';
import type { Refusal } from '../refusal';

export type Refuse = (message: string) => Refusal;

interface Range {
	minimum: number;
	maximum: number;
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isAddress(value: string): boolean {
	return /^https?:\/\/\S+$/.test(value);
}

/** All methods throw the refusal that `refuse` builds. Optional readers return undefined for an absent field. */
export class BodyReader {
	private readonly asked = new Set<string>();

	constructor(
		private readonly fields: Record<string, unknown>,
		readonly refuse: Refuse,
		private readonly prefix = '',
	) {}

	static open(request: RecordedRequest, refuse: Refuse): BodyReader {
		if (readMediaType(request) !== 'application/json' || !isRecord(request.json)) {
			throw refuse('the body must be application/json');
		}
		return new BodyReader(request.json, refuse);
	}

	has(name: string): boolean {
		return this.fields[name] !== undefined;
	}

	isNumber(name: string): boolean {
		return typeof this.fields[name] === 'number';
	}

	isList(name: string): boolean {
		return Array.isArray(this.fields[name]);
	}

	nameOf(name: string): string {
		return `${this.prefix}${name}`;
	}

	text(name: string, maximum = Number.POSITIVE_INFINITY): string | undefined {
		const value = this.take(name);
		if (value === undefined) return undefined;
		if (typeof value !== 'string') throw this.refuse(`${this.nameOf(name)} must be a string`);
		// Characters, as a user counts them; not UTF-16 units.
		if (Array.from(value).length > maximum) {
			throw this.refuse(`${this.nameOf(name)} must not exceed ${maximum} characters`);
		}
		return value;
	}

	requiredText(name: string, maximum?: number): string {
		const value = this.text(name, maximum);
		if (!value?.trim()) throw this.refuse(`${this.nameOf(name)} is required`);
		return value;
	}

	choice(name: string, allowed: readonly string[]): string | undefined {
		const value = this.text(name);
		if (value !== undefined && !allowed.includes(value)) {
			throw this.refuse(`${this.nameOf(name)} value '${value}' is invalid`);
		}
		return value;
	}

	requiredChoice(name: string, allowed: readonly string[]): string {
		this.requiredText(name);
		return this.choice(name, allowed) as string;
	}

	flag(name: string): boolean | undefined {
		const value = this.take(name);
		if (value !== undefined && typeof value !== 'boolean') {
			throw this.refuse(`${this.nameOf(name)} must be a boolean`);
		}
		return value;
	}

	number(name: string, range: Range): number | undefined {
		const value = this.take(name);
		if (value === undefined) return undefined;
		if (typeof value !== 'number') throw this.refuse(`${this.nameOf(name)} must be a number`);
		if (value < range.minimum || value > range.maximum) {
			throw this.refuse(`${this.nameOf(name)} must be between ${range.minimum} and ${range.maximum}`);
		}
		return value;
	}

	integer(name: string, range: Range): number | undefined {
		const value = this.number(name, range);
		if (value !== undefined && !Number.isInteger(value)) {
			throw this.refuse(`${this.nameOf(name)} must be an integer`);
		}
		return value;
	}

	/** A whole number that may be too large for JavaScript, so its digits as a string are taken as well. */
	identifier(name: string): string {
		const value = this.take(name);
		const isNumber = typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
		if (!isNumber && !(typeof value === 'string' && /^[1-9]\d*$/.test(value))) {
			throw this.refuse(`${this.nameOf(name)} must be an id`);
		}
		return String(value);
	}

	/** A reader in which the field has this one value: for lists of plain values. */
	withValue(name: string, value: unknown): BodyReader {
		return new BodyReader({ [name]: value }, this.refuse, this.prefix);
	}

	address(name: string): string | undefined {
		const value = this.text(name);
		if (value !== undefined && !isAddress(value)) {
			throw this.refuse(`${this.nameOf(name)} must be the address of a file`);
		}
		return value;
	}

	requiredAddress(name: string): string {
		this.requiredText(name);
		return this.address(name) as string;
	}

	object(name: string): BodyReader | undefined {
		const value = this.take(name);
		if (value === undefined) return undefined;
		if (!isRecord(value)) throw this.refuse(`${this.nameOf(name)} must be an object`);
		return new BodyReader(value, this.refuse, `${this.nameOf(name)}.`);
	}

	requiredObject(name: string): BodyReader {
		const value = this.object(name);
		if (!value) throw this.refuse(`${this.nameOf(name)} is required`);
		return value;
	}

	/** The items of a list of objects; empty when the field is absent and `minimum` is 0. */
	list(name: string, { minimum, maximum }: Range): BodyReader[] {
		return this.items(name, { minimum, maximum }).map((item, index) => {
			if (!isRecord(item)) throw this.refuse(`${this.nameOf(name)}[${index}] must be an object`);
			return new BodyReader(item, this.refuse, `${this.nameOf(name)}[${index}].`);
		});
	}

	/** The items of a list of any kind. */
	items(name: string, { minimum, maximum }: Range): unknown[] {
		const value = this.take(name);
		if (value === undefined && minimum === 0) return [];
		if (!Array.isArray(value)) throw this.refuse(`${this.nameOf(name)} must be an array`);
		// A list that is sent but empty says nothing: no page shows one.
		if (value.length < Math.max(minimum, 1) || value.length > maximum) {
			throw this.refuse(`${this.nameOf(name)} must have ${Math.max(minimum, 1)} to ${maximum} items`);
		}
		return value;
	}

	/** Exactly one of the fields must be there; returns its name. */
	oneOf(names: readonly string[]): string {
		const present = names.filter((name) => this.has(name));
		if (present.length !== 1) {
			const choices = names.map((name) => this.nameOf(name)).join(', ');
			throw this.refuse(`exactly one of ${choices} is required`);
		}
		return present[0];
	}

	end(): void {
		const unknown = Object.keys(this.fields).find((name) => !this.asked.has(name));
		if (unknown !== undefined) throw this.refuse(`unknown field ${this.nameOf(unknown)}`);
	}

	private take(name: string): unknown {
		this.asked.add(name);
		return this.fields[name];
	}
}
