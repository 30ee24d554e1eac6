/*
 * Everything that a query may contain. Anything else is refused: a newer parser may know operators that access other services,
 * and this relay would not recognise them.
 */

/** Adds a suffix to each word of a list, so that a family takes one line. */
const named = (suffix: string, words: string): readonly string[] => words.split(' ').map((word) => `${word}${suffix}`);

/** Operators that only compute on their input rows. */
const operators = named(
  'Operator',
  'As Count Distinct Evaluate Extend Filter Find GetSchema GraphMarkComponents GraphMatch GraphShortestPaths ' +
    'GraphToTable GraphWhereEdges GraphWhereNodes Invoke Join Lookup MakeGraph MakeSeries MvApply MvExpand Parse ParseKv ' +
    'ParseWhere Partition PartitionBy Print Project ProjectAway ProjectByNames ProjectKeep ProjectRename ProjectReorder ' +
    'Range ReduceBy Render Sample SampleDistinct Scan Search Serialize Sort Summarize Take Top TopHitters TopNested Union',
);

const clauses = [
  ...named(
    'Clause',
    'CountAsIdentifier DefaultExpression EvaluateSchema FindIn FindProject GraphToTableAs GraphToTableOutput JoinOn ' +
      'JoinWhere MakeGraphPartitionedBy MakeGraphTableAndKey MakeGraphWithImplicitId MakeGraphWithTablesAndKeys ' +
      'MakeSeriesBy MakeSeriesFrom MakeSeriesFromToStep MakeSeriesInRange MakeSeriesOn MakeSeriesStep MakeSeriesTo ' +
      'MvApplyContextId MvApplyRowLimit MvExpandRowLimit NameEquals OptionValue Ordering OrderingNulls ParseKvWith ' +
      'PartitionById Project ReduceByWith RenderWith ScanComputation ScanDeclare ScanOrderBy ScanPartitionBy SummarizeBy ' +
      'ToTypeOf TopHittersBy TopNestedWithOthers TopNested Where DataScope',
  ),
  ...named('', 'EvaluateRowSchema PartitionQuery PartitionScope PartitionSubquery RowSchema ScanAssignment ScanStep'),
  ...named(
    '',
    'ScanStepOutput GraphMatchPattern GraphMatchPatternEdge GraphMatchPatternEdgeRange GraphMatchPatternNode',
  ),
];

/** Comparison operators. */
export const comparisons: readonly string[] = named(
  'Expression',
  'BangTilde Between Contains ContainsCs EndsWith EndsWithCs Equal EqualTilde GreaterThan GreaterThanOrEqual Has HasAll ' +
    'HasAny HasCs HasPrefix HasPrefixCs HasSuffix HasSuffixCs In InCs LessThan LessThanOrEqual Like LikeCs MatchesRegex ' +
    'NotBetween NotContains NotContainsCs NotEndsWith NotEndsWithCs NotEqual NotHas NotHasCs NotHasPrefix NotHasPrefixCs ' +
    'NotHasSuffix NotHasSuffixCs NotIn NotInCs NotLike NotLikeCs NotStartsWith NotStartsWithCs Search StartsWith StartsWithCs',
);

const expressions = [
  ...comparisons,
  ...named('Expression', 'Add And Divide Modulo Multiply Or Subtract UnaryMinus UnaryPlus'),
  ...named(
    'LiteralExpression',
    'Boolean CompoundString DateTime Decimal Guid Int Long Null Real String Timespan Token',
  ),
  ...named('Expression', 'TypeOfLiteral Dynamic JsonArray JsonObject Parenthesized Path Element Bracketed Star At'),
  ...named(
    'Expression',
    'SimpleNamed CompoundNamed FunctionCall ToScalar ToTable Pipe DataScope DataTable Materialize',
  ),
  ...named('Expression', 'MakeSeries MvApply MvApplySubquery MvExpand Ordered Pack PrimitiveType SchemaType'),
];

const names = named(
  '',
  'BracedName BracketedName BracketedWildcardedName JsonPair NameAndTypeDeclaration NameDeclaration NameReference ' +
    'NameReferenceList NamedParameter RenameList TokenName TypedColumnReference WildcardedName',
);

const structure = named(
  '',
  'DefaultValueDeclaration ExpressionCouple ExpressionList ExpressionStatement FunctionBody FunctionDeclaration ' +
    'FunctionParameter FunctionParameters LetStatement List QueryBlock QueryParametersStatement SeparatedElement ' +
    'SetOptionStatement',
);

export const allowedKinds: ReadonlySet<string> = new Set([
  ...operators,
  ...clauses,
  ...expressions,
  ...names,
  ...structure,
]);

/**
 * Plugins of `evaluate` that only compute on their input rows. The others run code or call servers, or may do so in the future.
 */
export const allowedPlugins: ReadonlySet<string> = new Set(
  named(
    '',
    'active_users_count activity_counts_metrics activity_engagement activity_metrics autocluster bag_unpack basket ' +
      'dcount_intersect diffpatterns funnel_sequence funnel_sequence_completion geo_line_lookup geo_polygon_lookup ' +
      'ipv4_lookup ipv6_lookup narrow new_activity_metrics pivot rolling_percentile rows_near sequence_detect ' +
      'session_count sliding_window_counts',
  ),
);

/** What functions that are not allowed would access, for a clearer message. Those not listed here are refused as well. */
export const reachedBy: ReadonlyMap<string, string> = new Map([
  ['cluster', 'another cluster'],
  ['database', 'another database'],
  ['app', 'an Application Insights resource'],
  ['resource', 'another Azure resource'],
  ['adx', 'an Azure Data Explorer cluster'],
  ['arg', 'Azure Resource Graph'],
  ['external_table', 'an external table'],
  ['stored_query_result', 'a result stored by another query'],
  ['entity_group', 'a group of databases'],
  ['graph', 'a stored graph'],
  ['materialized_view', 'a materialized view'],
  ['__invoke', 'a function named at run time'],
]);

/** Allowed types of expressions. Not clusters, databases, entity groups or persistent graphs. */
export const allowedTypes: ReadonlySet<string> = new Set(
  named('', 'Table Primitive Tuple Bag Array Void Error Graph Function Group None'),
);

/** Allowed kinds of symbols. */
export const allowedSymbols: ReadonlySet<string> = new Set(
  named(
    '',
    'Column Table Variable Parameter Function Operator Group Primitive Tuple Bag Array Graph Option ' +
      'QueryOperatorParameter Void Error',
  ),
);

/** Allowed parameters of operators (`kind=inner`, `hint.strategy=shuffle`). Not `hint.remote`, which runs the query elsewhere. */
export const allowedParameters: ReadonlySet<string> = new Set([
  ...named(
    '',
    'kind isfuzzy withsource bagexpansion with_itemindex with_match_id with_step_name with_component_id with_source_id ' +
      'with_target_id with_node_id with by flags decodeblocks expandoutput output cycles pair_delimiter kv_delimiter regex ' +
      'quote escape greedy threshold characters bin_legacy hint.strategy hint.shufflekey hint.num_partitions ' +
      'hint.materialized hint.distribution hint.concurrency hint.spread hint.pass_filters hint.pass_filters_column ' +
      'hint.progressive_top',
  ),
  // Parameters of `render`, which is removed anyway.
  ...named(
    '',
    'title accumulate xcolumn ycolumns anomalycolumns series xtitle ytitle xaxis yaxis legend ysplit ymin ymax xmin xmax',
  ),
]);

/**
 * Options of `set` that Sentinel's own queries use, or that only change how rows are computed. Not those that lift limits
 * (`norequesttimeout`, `notruncation`), run the query elsewhere or cache it.
 */
export const allowedOptions: ReadonlySet<string> = new Set([
  'query_now',
  'query_datetimescope_column',
  'query_datetimescope_from',
  'query_datetimescope_to',
  'query_bin_auto_at',
  'query_bin_auto_size',
]);
