/** Where solutions are published: owner, name and branch. The links of guides and the logo lead there. */
export const repository = 'Azure/Azure-Sentinel/master';

/** The address of a file as it is, without the page around it. */
export const rawAddress = `https://raw.githubusercontent.com/${repository}`;
