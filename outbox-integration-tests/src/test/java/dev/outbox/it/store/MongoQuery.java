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

package dev.outbox.it.store;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/**
 * What a command looks for: enough to tell which indexes could find it.
 *
 * @param collection the collection
 * @param filter which documents
 * @param sort in which order, empty if in none
 * @param limited whether it ends after some documents
 */
record MongoQuery(String collection, BsonDocument filter, BsonDocument sort, boolean limited) {

	private static final BsonDocument NONE = new BsonDocument();

	private static final BsonDocument THERE = new BsonDocument("$exists", BsonBoolean.TRUE);

	/**
	 * Operators that leave out a little, and so do not bound what is looked at.
	 */
	private static final Set<String> UNBOUNDED = Set.of("$nin", "$ne", "$exists");

	/**
	 * Fields of which a value is that of a document or two.
	 */
	private static final Set<String> IDENTITIES = Set.of("_id", "seq", "eventId");

	/**
	 * Returns what a command of the driver looks for.
	 */
	static Stream<MongoQuery> of(BsonDocument command) {
		String name = command.getFirstKey();
		String collection = command.get(name).isString() ? command.getString(name).getValue() : "";
		return switch (name) {
			case "find" -> Stream.of(new MongoQuery(collection, document(command, "filter"), document(command, "sort"),
					command.containsKey("limit") || command.containsKey("singleBatch")));
			case "findAndModify" ->
				Stream.of(new MongoQuery(collection, document(command, "query"), document(command, "sort"), true));
			case "update" -> each(command.getArray("updates"), collection);
			case "delete" -> each(command.getArray("deletes"), collection);
			case "aggregate" -> Stream.of(ofPipeline(collection, command.getArray("pipeline")));
			default -> Stream.of();
		};
	}

	private static Stream<MongoQuery> each(BsonArray statements, String collection) {
		return statements.stream()
			.map((statement) -> new MongoQuery(collection, statement.asDocument().getDocument("q"), NONE, false));
	}

	private static MongoQuery ofPipeline(String collection, BsonArray pipeline) {
		BsonDocument stages = new BsonDocument();
		for (BsonValue stage : pipeline) {
			if (stage.asDocument().containsKey("$group")) {
				// What follows is about groups.
				break;
			}
			stage.asDocument().forEach(stages::putIfAbsent);
		}
		return new MongoQuery(collection, document(stages, "$match"), document(stages, "$sort"),
				stages.containsKey("$limit"));
	}

	private static BsonDocument document(BsonDocument of, String field) {
		return of.getDocument(field, NONE);
	}

	/**
	 * Returns the query without its values.
	 */
	MongoQuery shape() {
		return new MongoQuery(this.collection, shape(this.filter), this.sort, this.limited);
	}

	private static BsonDocument shape(BsonDocument filter) {
		BsonDocument shape = new BsonDocument();
		filter.forEach((field, value) -> {
			if (field.equals("$or")) {
				Set<BsonValue> arms = new LinkedHashSet<>();
				value.asArray().forEach((arm) -> arms.add(shape(arm.asDocument())));
				shape.append(field, new BsonArray(new ArrayList<>(arms)));
			}
			else if (value.isBoolean()) {
				shape.append(field, value);
			}
			else {
				BsonDocument operators = new BsonDocument();
				if (isOperators(value)) {
					value.asDocument().keySet().forEach((operator) -> operators.append(operator, new BsonInt32(1)));
				}
				shape.append(field, operators);
			}
		});
		return shape;
	}

	private static boolean isOperators(BsonValue value) {
		return value.isDocument() && !value.asDocument().isEmpty() && value.asDocument().getFirstKey().startsWith("$");
	}

	/**
	 * Returns whether it looks at no more than it returns, or little more: by parts of
	 * indexes, in the order of an index where an order is asked for.
	 * @param indexes the indexes of the collection
	 */
	boolean isAnsweredBy(List<BsonDocument> indexes) {
		if (isOfAll()) {
			return this.limited;
		}
		List<BsonDocument> arms = this.filter.containsKey("$or")
				? this.filter.getArray("$or").stream().map(BsonValue::asDocument).toList() : List.of(this.filter);
		return arms.stream()
			.allMatch((arm) -> candidates(arm, indexes).stream()
				.anyMatch((index) -> isAnsweredBy(arm, index, this.sort)));
	}

	/**
	 * Where a query asks for what a partial index holds, the others hold much more. Who
	 * asks for values of a field asks for documents that have it.
	 */
	private static List<BsonDocument> candidates(BsonDocument arm, List<BsonDocument> indexes) {
		List<BsonDocument> possible = indexes.stream()
			.filter((index) -> condition(index).entrySet()
				.stream()
				.allMatch((holds) -> holds.getValue().equals(arm.get(holds.getKey()))
						|| holds.getValue().equals(THERE) && isBounded(arm.get(holds.getKey()))))
			.toList();
		List<BsonDocument> partial = possible.stream().filter((index) -> !condition(index).isEmpty()).toList();
		return partial.isEmpty() ? possible : partial;
	}

	private static BsonDocument condition(BsonDocument index) {
		return document(index, "partialFilterExpression");
	}

	/**
	 * Returns whether it takes any documents.
	 */
	boolean isOfAll() {
		return this.filter.isEmpty() && this.sort.isEmpty();
	}

	/**
	 * Returns whether it may be sorted in memory, because it asks for a list of
	 * documents.
	 */
	boolean isOfNamedDocuments() {
		return IDENTITIES.stream().anyMatch((field) -> isPoint(this.filter.get(field)));
	}

	private boolean isAnsweredBy(BsonDocument arm, BsonDocument index, BsonDocument order) {
		List<String> keys = List.copyOf(index.getDocument("key").keySet());
		if (arm.isEmpty() ? !keys.get(0).equals(order.getFirstKey()) : !isBounded(arm.get(keys.get(0)))) {
			return false;
		}
		List<String> wanted = List.copyOf(order.keySet());
		for (int from = 0; from <= keys.size(); from++) {
			if (startsWith(keys.subList(from, keys.size()), wanted)) {
				return true;
			}
			if (from < keys.size() && !isPoint(arm.get(keys.get(from)))) {
				break;
			}
		}
		return isOfNamedDocuments();
	}

	private static boolean startsWith(List<String> keys, List<String> wanted) {
		return wanted.size() <= keys.size() && keys.subList(0, wanted.size()).equals(wanted);
	}

	private static boolean isBounded(@Nullable BsonValue predicate) {
		return predicate != null && !(isOperators(predicate) && UNBOUNDED.containsAll(predicate.asDocument().keySet()));
	}

	private static boolean isPoint(@Nullable BsonValue predicate) {
		return predicate != null
				&& (!isOperators(predicate) || Set.of("$in", "$eq").containsAll(predicate.asDocument().keySet()));
	}

}
