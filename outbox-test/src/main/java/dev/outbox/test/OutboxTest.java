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

package dev.outbox.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.autoconfigure.OverrideAutoConfiguration;
import org.springframework.boot.test.context.filter.annotation.TypeExcludeFilters;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.core.annotation.AliasFor;
import org.springframework.core.env.Environment;
import org.springframework.test.context.BootstrapWith;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/**
 * A test of what an application publishes, without its web layer and its brokers: has a
 * {@code DataSource} (or MongoDB), transactions, JPA and repositories where they are on
 * the class path, Flyway or Liquibase, Jackson, and the outbox on
 * {@linkplain AutoConfigureTestOutbox transports in memory}. Components are not scanned
 * but those that {@link #includeFilters()} names: import the service under test.
 *
 * <pre class="code">
 * &#64;OutboxTest
 * &#64;Import(Orders.class)
 * class OrdersTests {
 *
 *     &#64;Test
 *     void placingAnOrderTellsTheWorld(&#64;Autowired Orders orders, PublishedEvents events, StepRelay relay) {
 *         orders.place("teapot");
 *         OutboxAssertions.assertThat(events).stored().ofType(OrderPlaced.class).hasSize(1);
 *         relay.deliver();
 *         OutboxAssertions.assertThat(events).published().to("orders").hasSize(1);
 *     }
 *
 * }
 * </pre>
 *
 * It is not transactional, unlike other slices: what is rolled back is never published.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@BootstrapWith(OutboxTestContextBootstrapper.class)
@ExtendWith(SpringExtension.class)
@OverrideAutoConfiguration(enabled = false)
@TypeExcludeFilters(OutboxTypeExcludeFilter.class)
@AutoConfigureTestOutbox
@ImportAutoConfiguration
public @interface OutboxTest {

	/**
	 * Properties of the application, in the format <em>key=value</em>.
	 * @return the properties
	 * @see Environment
	 */
	String[] properties() default {};

	/**
	 * Whether the components of the application are left out that no filter includes.
	 * @return {@code true} by default
	 */
	boolean useDefaultFilters() default true;

	/**
	 * Which components take part.
	 * @return the filters
	 */
	Filter[] includeFilters() default {};

	/**
	 * Which components do not take part.
	 * @return the filters
	 */
	Filter[] excludeFilters() default {};

	/**
	 * Auto-configurations that are left out.
	 * @return the classes
	 */
	@AliasFor(annotation = ImportAutoConfiguration.class, attribute = "exclude")
	Class<?>[] excludeAutoConfiguration() default {};

}
