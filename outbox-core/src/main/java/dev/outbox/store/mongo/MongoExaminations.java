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

package dev.outbox.store.mongo;

import java.time.Instant;
import java.util.List;

import dev.outbox.doctor.ClockExamination;
import dev.outbox.doctor.Examination;
import dev.outbox.doctor.ExaminationSettings;
import dev.outbox.doctor.Finding;
import org.bson.BsonDocument;
import org.bson.BsonInt32;

/**
 * What can be wrong with MongoDB. Long transactions need no look: the server ends them.
 */
final class MongoExaminations {

	private MongoExaminations() {
	}

	static List<Examination> of(MongoWork work, ExaminationSettings settings) {
		return List.of(Examination.of("indexes", () -> indexes(work)),
				new ClockExamination("mongodb", () -> now(work), settings.clock(), settings.maxClockSkew()));
	}

	private static List<Finding> indexes(MongoWork work) {
		MongoIndexes indexes = new MongoIndexes(work);
		return indexes.problems()
			.stream()
			.map((problem) -> Finding.warning("missing-index",
					problem.substring(0, problem.indexOf(" is ") + 1).strip(),
					"The " + problem + ". What needs it looks through the whole collection",
					"Start an instance with outbox.schema.mode=create, or run in the shell: "
							+ String.join("; ", indexes.commands())))
			.toList();
	}

	private static Instant now(MongoWork work) {
		BsonDocument hello = work.run(new BsonDocument("hello", new BsonInt32(1)));
		return Instant.ofEpochMilli(hello.getDateTime("localTime").getValue());
	}

}
