/*
 * Copyright 2026 the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package dev.outbox.store.jdbc;

import java.util.ArrayList;
import java.util.List;

/**
 * Takes a script apart into its statements, whose end is a semicolon that is not part of
 * a text, a comment or a block between two {@code $$}.
 */
final class SqlStatements {

	private final String script;

	private int position;

	private SqlStatements(String script) {
		this.script = script;
	}

	/**
	 * Returns the statements.
	 * @param script a script
	 * @return its statements without comments and without the semicolon
	 */
	static List<String> split(String script) {
		return new SqlStatements(script).split();
	}

	private List<String> split() {
		List<String> statements = new ArrayList<>();
		StringBuilder statement = new StringBuilder();
		while (this.position < this.script.length()) {
			char next = this.script.charAt(this.position);
			if (this.script.startsWith("--", this.position)) {
				this.position = end("\n", this.position) - 1;
			}
			else if (this.script.startsWith("$$", this.position)) {
				copy(statement, end("$$", this.position + 2));
			}
			else if (next == '\'' || next == '"' || next == '`') {
				copy(statement, end(String.valueOf(next), this.position + 1));
			}
			else if (next == ';') {
				add(statements, statement);
				this.position++;
			}
			else {
				copy(statement, this.position + 1);
			}
		}
		add(statements, statement);
		return statements;
	}

	private int end(String delimiter, int from) {
		int found = this.script.indexOf(delimiter, from);
		return (found >= 0) ? found + delimiter.length() : this.script.length() + 1;
	}

	private void copy(StringBuilder statement, int end) {
		int last = Math.min(end, this.script.length());
		statement.append(this.script, this.position, last);
		this.position = last;
	}

	private static void add(List<String> statements, StringBuilder statement) {
		String text = statement.toString().replaceAll("(?m)^\\s*\\n", "").strip();
		if (!text.isEmpty()) {
			statements.add(text);
		}
		statement.setLength(0);
	}

}
