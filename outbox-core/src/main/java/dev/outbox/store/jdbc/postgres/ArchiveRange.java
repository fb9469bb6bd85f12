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

package dev.outbox.store.jdbc.postgres;

import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.outbox.store.ArchivePartition;
import dev.outbox.store.jdbc.TableNames;

/**
 * The time that a partition of the archive is for.
 *
 * @param table the partition, quoted
 * @param constraint what keeps events of that time out of the default partition, quoted
 * @param from beginning of the first day
 * @param to end of the last day
 */
record ArchiveRange(String table, String constraint, OffsetDateTime from, OffsetDateTime to) {

	/**
	 * How many partitions there are after the current one.
	 */
	private static final int AHEAD = 2;

	/**
	 * Finds constraints of this kind, by a prefix.
	 */
	static final String CONSTRAINTS = "^%sarchive_[0-9]+_soon$";

	/**
	 * Returns the ranges that are to be there at a time.
	 */
	static Stream<ArchiveRange> at(Instant now, ArchivePartition width, TableNames tables) {
		boolean monthly = width == ArchivePartition.MONTH;
		LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
		LocalDate first = monthly ? today.withDayOfMonth(1) : today;
		return IntStream.rangeClosed(0, AHEAD).mapToObj((i) -> {
			LocalDate from = monthly ? first.plusMonths(i) : first.plusDays(i);
			String name = "archive_"
					+ from.format(monthly ? DateTimeFormatter.ofPattern("uuuuMM") : DateTimeFormatter.BASIC_ISO_DATE);
			return new ArchiveRange(tables.apply("${" + name + '}'), '"' + tables.prefix() + name + "_soon\"",
					midnight(from), midnight(monthly ? from.plusMonths(1) : from.plusDays(1)));
		});
	}

	private static OffsetDateTime midnight(LocalDate day) {
		return day.atStartOfDay().atOffset(ZoneOffset.UTC);
	}

	/**
	 * Fills in a statement: <code>${partition}</code>, <code>${constraint}</code>,
	 * <code>${from}</code>, <code>${to}</code> and <code>${default}</code>.
	 */
	String apply(String statement, String defaultPartition) {
		return statement.replace("${partition}", this.table)
			.replace("${constraint}", this.constraint)
			.replace("${default}", defaultPartition)
			.replace("${from}", "timestamptz '" + this.from + '\'')
			.replace("${to}", "timestamptz '" + this.to + '\'');
	}

}
