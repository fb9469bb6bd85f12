// Small helpers for the page.

export const byId = (id) => document.getElementById(id);

// Everything that comes from outside goes through textContent, which is never read as HTML.
export function write(element, text) {
	if (element.textContent !== text) {
		element.textContent = text;
	}
}

// Shows one element for each item: those that are there already stay the same elements, so that a button can be pressed while the list changes.
export class Rows {

	constructor(list, template, keyOf, fill) {
		this.list = byId(list);
		this.template = byId(template);
		this.keyOf = keyOf;
		this.fill = fill;
		this.rows = new Map();
	}

	show(items) {
		const keys = new Set(items.map(this.keyOf));
		[...this.rows].filter(([key]) => !keys.has(key)).forEach(([key, row]) => {
			row.remove();
			this.rows.delete(key);
		});
		items.forEach((item, i) => {
			const row = this.row(item);
			if (this.list.children[i] !== row) {
				this.list.insertBefore(row, this.list.children[i] || null);
			}
			this.fill(row, item);
		});
	}

	row(item) {
		const key = this.keyOf(item);
		if (!this.rows.has(key)) {
			const row = this.template.content.firstElementChild.cloneNode(true);
			row.dataset.key = key;
			this.rows.set(key, row);
		}
		return this.rows.get(key);
	}

}

// Instants carry more digits than a Date: keep the fraction of a second apart.
export function millis(instant) {
	const fraction = /\.(\d+)/.exec(instant);
	const whole = Date.parse(instant.replace(/\.\d+/, ''));
	return whole + (fraction ? Number(`0.${fraction[1]}`) * 1000 : 0);
}

export function clock(instant) {
	return new Date(millis(instant)).toLocaleTimeString('en-GB') + '.' + String(Math.floor(millis(instant) % 1000)).padStart(3, '0');
}

export function duration(from, to) {
	const ms = Math.max(0, millis(to) - millis(from));
	return ms < 10 ? `+${ms.toFixed(1)} ms` : ms < 1000 ? `+${Math.round(ms)} ms` : `+${(ms / 1000).toFixed(1)} s`;
}

export async function get(path) {
	const response = await fetch(path, {cache: 'no-store'});
	if (!response.ok) {
		throw new Error(`${path} answers ${response.status}`);
	}
	return response.json();
}

export async function send(path, body = {}, method = 'POST') {
	const response = await fetch(path, {
		method,
		headers: {'Content-Type': 'application/json'},
		body: method === 'DELETE' ? undefined : JSON.stringify(body)
	});
	const text = await response.text();
	return {ok: response.ok, status: response.status, body: text ? JSON.parse(text) : {}};
}
